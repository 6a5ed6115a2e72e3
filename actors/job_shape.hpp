#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "actors/lane.hpp"
#include "pipeline/log/log.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// A source and how many partitions its topic has.
struct sized_source {
  source_rules rules;
  std::int32_t partitions = 1;
};

/// What the tasks of a job read, by stage: the sources, weir.rekeyed when one of them is not keyed by
/// session, weir.sessions and weir.partials.
std::vector<std::pair<stage, std::string>> job_inputs(const std::vector<source_rules>& sources);

/// How many partitions weir.rekeyed has: as many as the largest source that is re-keyed; 0 when none is.
std::int32_t rekeyed_partitions(const std::vector<sized_source>& sources);

/// Tells a lane the names of all tasks that report clocks, and the partitions of weir.rekeyed.
void name_tasks(const std::vector<sized_source>& sources, lane_settings& out);

}  // namespace weir
