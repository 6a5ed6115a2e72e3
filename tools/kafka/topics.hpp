#pragma once

#include <cstdint>

#include "config/settings.hpp"

namespace weir {

/// `weir topics create`: makes what is missing of weir's own topics and changelogs, and with
/// `source_partitions` above 0 the source topics, too. Returns the exit status.
int create_topics(const settings& configuration, std::int32_t source_partitions);

/// `weir topics check`: says of each topic that the job needs whether it is as it must be. 1 when one is not.
int check_topics(const settings& configuration);

}  // namespace weir
