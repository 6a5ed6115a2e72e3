#include "tools/kafka/topics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/kafka/guarded.hpp"
#include "tools/kafka/job.hpp"
#include "tools/kafka/options.hpp"

namespace weir {

int create_topics(const settings& s, std::int32_t source_partitions) {
  return guarded("weir topics", std::cerr, [&] {
    kafka_log log(kafka_options_of(s), job_inputs(s));
    if (source_partitions > 0)
      for (const auto& [_, source] : s.sources) log.create({{source.topic, source_partitions, false, 0}});
    const auto plan = job_topics(s, log);
    log.create(plan);
    const auto changelogs = log.changelogs();
    log.create(changelogs);
    fmt::print("{} topics are there\n", plan.size() + changelogs.size() + s.sources.size());
    return 0;
  });
}

int check_topics(const settings& s) {
  return guarded("weir topics", std::cerr, [&] {
    kafka_log log(kafka_options_of(s), job_inputs(s));
    auto plan = job_topics(s, log);
    for (auto& changelog : log.changelogs()) plan.push_back(std::move(changelog));
    int status = 0;
    for (const auto& topic : plan) {
      const auto has = log.partitions(topic.name);
      if (has == topic.partitions) continue;
      status = 1;
      fmt::print("{}: {}\n", topic.name,
                 has == 0 ? "missing; weir topics create makes it"
                          : fmt::format("has {} partitions, expected {}", has, topic.partitions));
    }
    if (status == 0) log.check(plan, s.output.max_bytes);
    if (status == 0) fmt::print("{} topics are as they must be\n", plan.size());
    return status;
  });
}

}  // namespace weir
