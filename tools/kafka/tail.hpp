#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "tools/kafka/record_filter.hpp"

namespace weir {

struct tail_options {
  std::string topic;                      // without kafka.prefix
  std::string from;                       // beginning, end, an offset; empty: end when it follows
  std::optional<std::int32_t> partition;  // none: all
  std::uint64_t limit = 0;                // records; 0: all
  record_filter::rules filter;
  bool no_follow = false;    // ends at the end of the topic
  bool uncommitted = false;  // shows records of open and aborted transactions, too
  bool envelope = false;     // as {partition, offset, time, key, value}
};

/// `weir tail`: a topic's records, one a line, decoded, as they come. Returns the exit status.
int tail(const settings& configuration, const tail_options& options);

}  // namespace weir
