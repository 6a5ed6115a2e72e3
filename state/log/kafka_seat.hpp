#pragma once

#include <string>

#include "state/log/kafka_client.hpp"

namespace weir {

/// A seat that one process has at a time, and another gets when it goes: the only partition of a topic, in a
/// group of its own. Nothing is read there. Used by one thread, which must `poll` it oftener than the group
/// allows to be silent (max.poll.interval.ms, five minutes).
class kafka_seat {
 public:
  /// `topic`: its name on the brokers; `group` without kafka.prefix. Throws kafka_error.
  kafka_seat(const kafka_options& options, const std::string& group, const std::string& topic);
  /// Leaves it to others.
  ~kafka_seat();

  /// Waits at most `wait_ms` for news. Returns whether the seat is ours. Throws kafka_error when the brokers
  /// refuse us.
  bool poll(int wait_ms);

 private:
  static void rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* parts,
                        void* self);

  const std::string group_;
  bool ours_ = false;
  kafka_ptr<rd_kafka_t> client_;
};

}  // namespace weir
