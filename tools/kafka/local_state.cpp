#include "tools/kafka/local_state.hpp"

#include <algorithm>

#include "config/units.hpp"
#include "tools/decode/state_json.hpp"

namespace weir {

namespace {

namespace fs = std::filesystem;

/// A node on Kafka has its state apart, the embedded log has it within.
fs::path database_of(const fs::path& folder) {
  for (const auto* name : {"state", "log"})
    if (fs::exists(folder / name / "CURRENT")) return folder / name;
  throw std::runtime_error(folder.string() + " holds no state of a node; expected node.data_dir of one");
}

rocks_db::options read_only() {
  rocks_db::options o;
  o.read_only = true;
  return o;
}

}  // namespace

local_state::local_state(const fs::path& folder) : db_(database_of(folder), read_only()) {
  for (const auto& name : db_.families())
    if (const auto task = parse_task(name)) tasks_.push_back(*task);
  std::sort(tasks_.begin(), tasks_.end());
}

std::optional<task_id> parse_task(const std::string& text) {
  const auto slash = text.rfind('/');
  if (slash == 0 || slash == text.npos) return std::nullopt;
  const auto partition = config::parse_count(text.substr(slash + 1));
  if (!partition) return std::nullopt;
  const auto topic = text.substr(0, slash);
  return task_id{stage_of(topic), topic, static_cast<std::int32_t>(*partition)};
}

}  // namespace weir
