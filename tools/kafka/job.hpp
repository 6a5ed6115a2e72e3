#pragma once

#include <string>
#include <vector>

#include "actors/job_shape.hpp"
#include "config/settings.hpp"
#include "state/log/kafka_log.hpp"

namespace weir {

/// What the job's tasks read.
kafka_log::inputs job_inputs(const settings& s);

/// weir's own topics for these sources, but the changelogs. Throws kafka_error when a source is not there.
std::vector<topic_plan> job_topics(const settings& s, kafka_log& log);

/// The sources, by the cluster's metadata. Throws kafka_error when one is not there.
std::vector<sized_source> job_sources(const settings& s, kafka_log& log);

}  // namespace weir
