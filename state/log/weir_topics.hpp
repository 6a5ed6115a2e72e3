#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A topic of weir's own. topology.md, "Topics".
struct topic_plan {
  std::string name;
  std::int32_t partitions = 1;
  bool compacted = false;         // the last record of each key stays
  std::int64_t retention_ms = 0;  // of what is deleted by age; 0: the broker's own
  bool expires = false;           // compacted, and deleted by age, too
};
/// One record a node: who it is, which tasks it has, since when.
inline constexpr std::string_view members_topic = "weir.members";

/// One record an alert, site and key: whether it fires.
inline constexpr std::string_view alerts_topic = "weir.alerts";

/// As Kafka's topic setting of the same name.
std::string cleanup_policy(const topic_plan& plan);

/// weir's own topics. `partitions` is topics.partitions; what continues a source's partition (silver, late)
/// has `source_partitions`, the most that a source has; `rekeyed_partitions`: of weir.rekeyed, 0: there is
/// none.
std::vector<topic_plan> weir_topics(std::int32_t partitions, std::int32_t source_partitions,
                                    std::int32_t rekeyed_partitions);

}  // namespace weir
