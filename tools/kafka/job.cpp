#include "tools/kafka/job.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/log/record.hpp"

namespace weir {

kafka_log::inputs job_inputs(const settings& s) {
  std::vector<source_rules> sources;
  for (const auto& [_, source] : s.sources) sources.push_back(source);
  return job_inputs(sources);
}

std::vector<sized_source> job_sources(const settings& s, kafka_log& log) {
  std::vector<sized_source> all;
  for (const auto& [name, source] : s.sources) {
    const auto count = log.partitions_of_known(source.topic);
    if (count == 0)
      throw kafka_error(
          fmt::format("sources.{}.topic: there is no topic {} at {}; weir topics create "
                      "--source-partitions N makes it",
                      name, source.topic, s.kafka.brokers));
    all.push_back({source, count});
  }
  return all;
}

std::vector<topic_plan> job_topics(const settings& s, kafka_log& log) {
  const auto sources = job_sources(s, log);
  std::int32_t most = 1;
  for (const auto& source : sources) most = std::max(most, source.partitions);
  return weir_topics(static_cast<std::int32_t>(s.topics.partitions), most, rekeyed_partitions(sources));
}

}  // namespace weir
