#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace weir {

struct dump_options {
  std::string data;   // folder of the node
  std::string topic;  // empty: lists the topics
  std::optional<std::int32_t> partition;
  std::optional<std::int64_t> from;  // offset
  std::uint64_t limit = 0;           // records; 0: all
  bool latest = false;               // of a compacted topic: the last record of each key alone
  bool envelope = false;  // as JSON with partition, offset, time and key; bytes that are no UTF-8 as base64
};

/// `weir log dump`: records of a local log, a value a line, also while a node writes it. Returns the status.
int dump(const dump_options& options);

}  // namespace weir
