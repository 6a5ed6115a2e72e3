#include <fmt/format.h>

#include "tools/decode/state_json.hpp"
#include "tools/kafka/copy_comparison.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/local_state.hpp"
#include "tools/kafka/options.hpp"
#include "tools/kafka/state.hpp"
#include "tools/kafka/topic_reading.hpp"

namespace weir {

namespace {

const char* describe(copy_comparison::difference::kind what) {
  using kind = copy_comparison::difference::kind;
  return what == kind::missing ? "missing here" : what == kind::extra ? "extra here" : "other value here";
}

/// True when the copy is as the changelog says.
bool verify(kafka_cluster& cluster, const task_id& task, task_store& store, std::uint64_t limit) {
  const auto topic = "weir.changelog." + task.topic;
  const auto position = store.position();
  const auto has = cluster.offsets(topic, task.partition);
  if (position > has.end) {
    fmt::print(
        "{}: the copy reaches to offset {} of {}/{}, which ends at {}: it is of another topic of that name\n",
        to_string(task), position, topic, task.partition, has.end);
    return false;
  }
  copy_comparison compared(position);
  read_all(cluster, topic, task.partition,
           [&](const kafka_record& r) { compared.add_change(r.key, r.offset, r.value); });
  store.scan({}, [&](std::string_view key, std::string_view value) {
    return compared.add_copied(key, value), true;
  });
  const auto differences = compared.differences();
  fmt::print("{}: {} keys equal up to offset {} of the changelog, {} as written after it, {} differ\n",
             to_string(task), compared.equal(), position, compared.ahead(), differences.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(limit, differences.size()); ++i)
    fmt::print("  {}: {}\n", describe(differences[i].what), state_key_text(task.of, differences[i].key));
  if (differences.size() > limit) fmt::print("  ... {} more\n", differences.size() - limit);
  return differences.empty();
}

}  // namespace

int state_verify(const settings& configuration, const state_options& options) {
  return guarded("weir state verify", std::cerr, [&] {
    local_state local(options.folder.empty() ? configuration.node.data_dir : options.folder);
    kafka_cluster cluster(kafka_options_of(configuration));
    int status = 0;
    bool found = false;
    for (const auto& task : local.tasks()) {
      if (!options.task.empty() && to_string(task) != options.task) continue;
      found = true;
      if (!verify(cluster, task, *local.open(task), options.limit)) status = 1;
    }
    if (!found) throw std::runtime_error("there is no state of such a task");
    return status;
  });
}

}  // namespace weir
