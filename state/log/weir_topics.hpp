#pragma once

#include <cstdint>
#include <string>
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
/// As Kafka's topic setting of the same name.
std::string cleanup_policy(const topic_plan& plan);

/// weir's own topics. `partitions` is topics.partitions; what continues a source's partition (silver, late)
/// has `source_partitions`, the most that a source has.
std::vector<topic_plan> weir_topics(std::int32_t partitions, std::int32_t source_partitions);

}  // namespace weir
