#include "actors/job_shape.hpp"

#include <algorithm>

namespace weir {

namespace {
std::string name(output topic) { return std::string(to_string(topic)); }
}  // namespace

std::vector<std::pair<stage, std::string>> job_inputs(const std::vector<source_rules>& sources) {
  std::vector<std::pair<stage, std::string>> in;
  for (const auto& source : sources) in.emplace_back(stage::ingest, source.topic);
  if (!std::ranges::all_of(sources, &source_rules::keyed_by_session))
    in.emplace_back(stage::ingest, name(output::rekeyed));
  in.emplace_back(stage::users, name(output::sessions));
  in.emplace_back(stage::kpis, name(output::partials));
  return in;
}

std::int32_t rekeyed_partitions(const std::vector<sized_source>& sources) {
  std::int32_t most = 0;
  for (const auto& source : sources)
    if (!source.rules.keyed_by_session) most = std::max(most, source.partitions);
  return most;
}

void name_tasks(const std::vector<sized_source>& sources, lane_settings& out) {
  out.rekeyed_partitions = rekeyed_partitions(sources);
  for (const auto& source : sources)
    for (std::int32_t p = 0; p < source.partitions; ++p)
      (source.rules.keyed_by_session ? out.sources : out.origins)
          .push_back(to_string(task_id{stage::ingest, source.rules.topic, p}));
  for (std::int32_t p = 0; p < out.rekeyed_partitions; ++p)
    out.sources.push_back(to_string(task_id{stage::ingest, name(output::rekeyed), p}));
}

}  // namespace weir
