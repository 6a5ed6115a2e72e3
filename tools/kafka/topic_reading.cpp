#include "tools/kafka/topic_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "config/nearest.hpp"
#include "config/units.hpp"
#include "tools/usage_error.hpp"

namespace weir {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds stall_time(60);  // longer than a transaction of the job may stay open
constexpr int poll_ms = 100;

std::string no_topic(kafka_cluster& cluster, const std::string& topic) {
  std::vector<std::string> names;
  for (const auto& [name, _] : cluster.topics()) names.push_back(name);
  const auto wanted = broker_topic(cluster.options(), topic);
  const auto near = config::nearest(wanted, names);
  return fmt::format("there is no topic {} at {}{}", wanted, cluster.options().brokers,
                     config::is_near(wanted, near) ? "; did you mean " + near + "?" : "");
}

}  // namespace

reading_place parse_place(const std::string& text) {
  if (text == "beginning") return {};
  if (text == "end") return {reading_place::where::end};
  if (const auto offset = config::parse_count(text))
    return {reading_place::where::offset, static_cast<std::int64_t>(*offset)};
  throw usage_error("--from: expected beginning, end or an offset, got \"" + text + '"');
}

std::vector<kafka_reader::start> reading_starts(kafka_cluster& cluster, const std::string& topic,
                                                std::optional<std::int32_t> partition, reading_place from) {
  const auto count = cluster.partitions(topic);
  if (count == 0) throw kafka_error(no_topic(cluster, topic));
  if (partition && *partition >= count)
    throw usage_error(
        fmt::format("--partition: {} has partitions 0 to {}, got {}", topic, count - 1, *partition));
  std::vector<kafka_reader::start> starts;
  for (std::int32_t p = 0; p < count; ++p) {
    if (partition && *partition != p) continue;
    const auto [first, end] = cluster.offsets(topic, p);
    using where = reading_place::where;
    const auto at = from.at == where::beginning ? first
                    : from.at == where::end     ? end
                                                : std::clamp(from.offset, first, end);
    starts.push_back({p, at});
  }
  return starts;
}

void read_all(kafka_cluster& cluster, const std::string& topic, std::optional<std::int32_t> partition,
              const std::function<void(const kafka_record&)>& visit) {
  const auto from = reading_starts(cluster, topic, partition, {});
  const auto ends = reading_starts(cluster, topic, partition, {reading_place::where::end});
  kafka_reader reader(cluster.options(), broker_topic(cluster.options(), topic), from, true);
  auto last = clock::now();
  while (!reader.reached(ends)) {
    reader.poll(poll_ms, [&](const kafka_record& r) { return last = clock::now(), visit(r), true; });
    if (clock::now() - last > stall_time)
      throw log_unavailable("cannot read " + topic +
                            " to its end: nothing for a minute; a broker is gone, or "
                            "someone's transaction hangs there");
  }
}

}  // namespace weir
