#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "state/log/kafka_cluster.hpp"

namespace weir {

/// Asks the brokers whether one answers, over a connection of its own. While one caller waits for the answer,
/// and for some seconds after, others get the last one: so that many who ask cost no more than one.
///
/// Concurrency: any thread.
class broker_probe {
 public:
  explicit broker_probe(kafka_options options) : cluster_(std::move(options)) {}

  /// Why no broker answers; nothing when one does.
  std::optional<std::string> trouble();

 private:
  using clock = std::chrono::steady_clock;

  std::mutex asking_;  // guards cluster_
  kafka_cluster cluster_;
  std::mutex mutex_;  // guards everything below
  std::optional<std::string> last_;
  std::optional<clock::time_point> asked_;
};

}  // namespace weir
