#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "state/log/kafka_client.hpp"

namespace weir {

/// Sends records in transactions, for commands. Its id is fixed: who makes one fences every other of the same
/// id, and what that had open is aborted.
///
/// Use: begin, send, offsets, commit; again. What throws leaves nothing of the transaction visible, but where
/// noted. Used by one thread.
class kafka_sender {
 public:
  /// `id` without kafka.prefix; `most_time`: that a transaction may take, before the broker aborts it. Throws
  /// log_unavailable, kafka_error.
  kafka_sender(const kafka_options& options, const std::string& id,
               std::chrono::milliseconds most_time = std::chrono::seconds(15));
  ~kafka_sender();

  void begin();
  /// `topic`: its name on the brokers. `offset` is told where the record stands, before `flush` returns.
  void send(const std::string& topic, std::int32_t partition, std::optional<std::string_view> key,
            std::optional<std::string_view> value, std::int64_t* offset = nullptr);
  /// Waits until all that was sent is there, not visible yet.
  void flush();
  /// Sets a group's committed offsets, as a member of it.
  void offsets(const rd_kafka_topic_partition_list_t& places,
               const rd_kafka_consumer_group_metadata_t& member);
  /// When it throws log_unavailable, no one can tell yet whether the transaction is visible.
  void commit();

 private:
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* m, void*);
  void demand(rd_kafka_error_t* error, const std::string& what);

  const std::string id_;
  bool open_ = false;
  kafka_ptr<rd_kafka_t> client_;
};

}  // namespace weir
