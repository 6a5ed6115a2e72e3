#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace weir {

struct dump_options {
  std::string data;   // folder of the node
  std::string topic;  // empty: lists the topics
  std::optional<std::int32_t> partition;
  std::int64_t from = 0;    // offset
  std::uint64_t limit = 0;  // records; 0: all
  bool latest = false;      // of a compacted topic: the last record of each key alone
  bool envelope = false;    // with partition, offset, time and key
};

/// `weir log dump`: records of a local log, a value a line, also while a node writes it. Returns the status.
int dump(const dump_options& options);

}  // namespace weir
