#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "state/log/kafka_client.hpp"

namespace weir {

/// Says things on a topic, each under a key of its own, outside of any transaction and without waiting: what
/// is said last stands. A broker that is away is tried again for a while; what it never heard is warned of.
/// Used by one thread.
class kafka_announcer {
 public:
  /// `topic`: its name on the brokers. Throws kafka_error.
  kafka_announcer(const kafka_options& options, std::string topic);

  void say(std::string_view key, std::string_view value);
  /// Ends the key, and waits up to a few seconds for all that was said.
  void take_back(std::string_view key);
  /// Lets librdkafka tell what became of what was said: call it now and then.
  void poll();

 private:
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* m, void* self);
  void produce(std::string_view key, const std::string_view* value);

  const std::string topic_;
  std::function<void(const std::string&)> warn_;
  kafka_ptr<rd_kafka_t> client_;
};

}  // namespace weir
