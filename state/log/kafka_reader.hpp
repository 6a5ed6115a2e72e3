#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state/log/kafka_client.hpp"

namespace weir {

/// A record as it is read; points into librdkafka's message.
struct kafka_record {
  std::int32_t partition = 0;
  std::int64_t offset = 0, time = 0;  // broker time, milliseconds
  std::string_view key;
  std::optional<std::string_view> value;  // none: the key is gone
};

/// Reads partitions of one topic from given offsets on, without a group: nothing is committed, no one is
/// disturbed. Used by one thread.
class kafka_reader {
 public:
  struct start {
    std::int32_t partition;
    std::int64_t offset;
  };
  /// `topic`: its name on the brokers. Records of transactions that are open or aborted are passed over when
  /// `committed_only`.
  kafka_reader(const kafka_options& options, std::string topic, const std::vector<start>& from,
               bool committed_only);

  /// Waits at most `wait_ms` for a record, then calls `visit` for what is there, up to 1,000 records,
  /// until it returns false.
  /// Brokers that cannot be reached are waited for. Throws kafka_error for what waiting does not mend.
  void poll(int wait_ms, const std::function<bool(const kafka_record&)>& visit);
  /// True when every partition has been read up to its end as it was met.
  bool at_end() const;
  /// True when all committed records below these offsets have been read.
  bool reached(const std::vector<start>& ends) const;

 private:
  struct progress {
    std::int32_t partition;
    std::int64_t position;
    bool ended = false;
  };
  void take(const rd_kafka_message_t& m, bool& more, const std::function<bool(const kafka_record&)>& visit);

  const std::string topic_;
  std::vector<progress> partitions_;
  kafka_ptr<rd_kafka_t> client_;
};

}  // namespace weir
