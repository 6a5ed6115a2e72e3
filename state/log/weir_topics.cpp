#include "state/log/weir_topics.hpp"

#include "pipeline/kpi/family.hpp"
#include "state/log/topic_of.hpp"

namespace weir {

namespace {
constexpr std::int64_t week = std::int64_t{7} * 86'400'000;
constexpr std::int64_t three_days = std::int64_t{3} * 86'400'000;
}  // namespace

std::string cleanup_policy(const topic_plan& plan) {
  if (!plan.compacted) return "delete";
  return plan.expires ? "compact,delete" : "compact";
}

std::vector<topic_plan> weir_topics(std::int32_t partitions, std::int32_t source_partitions,
                                    std::int32_t rekeyed_partitions) {
  std::vector<topic_plan> all;
  if (rekeyed_partitions > 0)
    all.push_back({std::string(to_string(output::rekeyed)), rekeyed_partitions, false, three_days});
  for (auto to : {output::events, output::late})
    all.push_back({std::string(to_string(to)), source_partitions, false, week});
  all.push_back({std::string(to_string(output::sessions)), partitions, false, week});
  all.push_back({std::string(to_string(output::partials)), partitions, false, three_days});
  all.push_back({std::string(to_string(output::dlq)), partitions, true, week, true});
  for (auto name : {members_topic, alerts_topic}) all.push_back({std::string(name), 1, true});
  all.push_back({std::string(to_string(output::users)), partitions, true});
  for (std::size_t f = 0; f < families; ++f)
    all.push_back({gold_topic(static_cast<family>(f)), partitions, true});
  return all;
}

}  // namespace weir
