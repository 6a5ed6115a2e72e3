#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "state/log/kafka_log.hpp"

namespace weir {

/// What the job's tasks read: the source topics, weir.sessions and weir.partials.
kafka_log::inputs job_inputs(const settings& s);

/// weir's own topics for these sources, but the changelogs. Throws kafka_error when a source is not there.
std::vector<topic_plan> job_topics(const settings& s, kafka_log& log);

/// Names of every source task, by the cluster's metadata.
std::vector<std::string> source_tasks(const settings& s, kafka_log& log);

}  // namespace weir
