#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "state/log/kafka_cluster.hpp"
#include "state/log/kafka_reader.hpp"

namespace weir {

/// A place in a topic: `beginning`, `end`, or an offset, taken within what each partition has.
struct reading_place {
  enum class where { beginning, end, offset };
  where at = where::beginning;
  std::int64_t offset = 0;
};
/// Throws usage_error for another text.
reading_place parse_place(const std::string& text);

/// Where reading begins in the partitions of a topic, or in one. Throws kafka_error when there is no such
/// topic, usage_error when it has no such partition.
std::vector<kafka_reader::start> reading_starts(kafka_cluster& cluster, const std::string& topic,
                                                std::optional<std::int32_t> partition, reading_place from);

/// Reads all committed records of a topic, or of one partition, up to where it ends now: for what is still
/// open there is waited. Throws as `reading_starts`, and log_unavailable when nothing comes for a minute.
void read_all(kafka_cluster& cluster, const std::string& topic, std::optional<std::int32_t> partition,
              const std::function<void(const kafka_record&)>& visit);

}  // namespace weir
