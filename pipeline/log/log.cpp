#include "pipeline/log/log.hpp"

#include <array>

namespace weir {

std::string_view to_string(stage s) {
  static constexpr std::array<std::string_view, stages> names{"ingest", "users", "kpis"};
  return names[static_cast<std::size_t>(s)];
}

stage stage_of(std::string_view topic) {
  if (topic == to_string(output::sessions)) return stage::users;
  return topic == to_string(output::partials) ? stage::kpis : stage::ingest;
}

bool is_own_topic(std::string_view topic) { return topic.starts_with("weir."); }

std::string to_string(const task_id& id) { return id.topic + '/' + std::to_string(id.partition); }

}  // namespace weir
