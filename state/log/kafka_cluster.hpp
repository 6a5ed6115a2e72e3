#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "state/log/kafka_client.hpp"

namespace weir {

/// What to tell when no broker lets us in: the reason as librdkafka has it, and what to check for it.
std::string reach_fault(const std::string& brokers, rd_kafka_resp_err_t code, const std::string& reason);

/// Offsets that a partition has: from the first to before the end, open transactions included.
struct offset_range {
  std::int64_t first = 0, end = 0;
};

/// A cluster as questions are asked of it. It remembers why its connections failed, so that who has waited
/// in vain is told.
///
/// Concurrency: one caller at a time.
class kafka_cluster {
 public:
  explicit kafka_cluster(kafka_options options);

  rd_kafka_t* client() const { return client_.get(); }
  const kafka_options& options() const { return options_; }

  /// How many partitions each topic has, by its name on the brokers. Throws kafka_error at once when the
  /// brokers refuse us, log_unavailable when none answers within 15 s.
  std::map<std::string, std::int32_t> topics();
  /// Why no broker answers within this time; nothing when one does.
  std::optional<std::string> trouble(std::chrono::milliseconds wait);
  /// Of one of the job's topics; 0: there is none. Throws as `topics`.
  std::int32_t partitions(const std::string& topic);
  /// Of a partition of one of the job's topics. Throws log_unavailable, kafka_error.
  offset_range offsets(const std::string& topic, std::int32_t partition);
  /// The first offset whose record is not older than a time, milliseconds; the end when there is none. Throws
  /// as `offsets`.
  std::int64_t offset_at(const std::string& topic, std::int32_t partition, std::int64_t time);

 private:
  static void failed(rd_kafka_t*, int code, const char* reason, void* self);

  const kafka_options options_;
  rd_kafka_resp_err_t code_ = RD_KAFKA_RESP_ERR__TIMED_OUT;  // of the last connection that failed
  std::string reason_ = "no answer";
  kafka_ptr<rd_kafka_t> client_;
};

}  // namespace weir
