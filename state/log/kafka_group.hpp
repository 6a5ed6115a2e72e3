#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "state/log/kafka_cluster.hpp"

namespace weir {

/// The job's consumer group, as a command sees it: who is in it and what it has committed; and as the one
/// member of it that changes that. Used by one thread.
class kafka_group {
 public:
  explicit kafka_group(kafka_options options);
  /// Leaves the group.
  ~kafka_group();

  /// Everyone who is in the group, or may still be: a name and the address. Throws log_unavailable,
  /// kafka_error.
  std::vector<std::string> members(kafka_cluster& cluster) const;
  /// The committed offset of a partition of one of the job's topics; waits for what other transactions have
  /// open.
  std::optional<std::int64_t> committed(const std::string& topic, std::int32_t partition) const;

  /// Joins the group to be its only member. From then on no one else commits in its name, until the group has
  /// been joined by others and this seat is theirs. Throws kafka_error when it is not the only one.
  void join(kafka_cluster& cluster, const std::string& topic);
  /// With which the offsets of a transaction are told, of the one who has joined.
  kafka_ptr<rd_kafka_consumer_group_metadata_t> seat() const;

 private:
  static void rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t*,
                        void* self);

  const kafka_options options_;
  bool joined_ = false;
  kafka_ptr<rd_kafka_t> client_;
};

}  // namespace weir
