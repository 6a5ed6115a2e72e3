#include "tools/kafka/job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/log/record.hpp"

namespace weir {

kafka_log::inputs job_inputs(const settings& s) {
  kafka_log::inputs in;
  for (const auto& [_, source] : s.sources) in.emplace_back(stage::ingest, source.topic);
  in.emplace_back(stage::users, std::string(to_string(output::sessions)));
  in.emplace_back(stage::kpis, std::string(to_string(output::partials)));
  return in;
}

std::vector<topic_plan> job_topics(const settings& s, kafka_log& log) {
  std::int32_t most = 1;
  for (const auto& [name, source] : s.sources) {
    const auto count = log.partitions(source.topic);
    if (count == 0)
      throw kafka_error(
          fmt::format("sources.{}.topic: there is no topic {} at {}; weir topics create "
                      "--source-partitions N makes it",
                      name, source.topic, s.kafka.brokers));
    most = std::max(most, count);
  }
  return weir_topics(static_cast<std::int32_t>(s.topics.partitions), most);
}

std::vector<std::string> source_tasks(const settings& s, kafka_log& log) {
  std::vector<std::string> names;
  for (const auto& [_, source] : s.sources)
    for (std::int32_t p = 0, count = log.partitions(source.topic); p < count; ++p)
      names.push_back(to_string(task_id{stage::ingest, source.topic, p}));
  return names;
}

}  // namespace weir
