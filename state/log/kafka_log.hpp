#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/log/kafka_cluster.hpp"
#include "state/log/weir_topics.hpp"

namespace weir {

/// A Kafka cluster as weir's log: group assignment places tasks, transactions make epochs visible and fence
/// zombies, changelog topics carry state. topology.md, "The log behind it".
///
/// Concurrency: `join` and the rest may be called by any thread; a member is its lane's.
class kafka_log {
 public:
  using inputs = std::vector<std::pair<stage, std::string>>;
  kafka_log(kafka_options options, inputs in);

  /// How many partitions a topic has; 0: there is none. Throws when no broker answers, see kafka_cluster.
  std::int32_t partitions(const std::string& topic) { return cluster_.partitions(topic); }
  /// The same of a topic that should be there: one that seems to be missing is looked for again, for brokers
  /// learn of a new topic one after the other, and any of them may be asked.
  std::int32_t partitions_of_known(const std::string& topic);
  /// Makes the topics that are missing. Throws kafka_error when one is there with another partition count.
  void create(const std::vector<topic_plan>& topics);
  /// Throws kafka_error, with all that is wrong, when weir's topics are not as they must be for outputs of
  /// `max_bytes`; warns of source topics that are less than good.
  void check(const std::vector<topic_plan>& topics, std::size_t max_bytes);
  /// The changelogs of the inputs' tasks. One of an input that is missing has no partitions.
  std::vector<topic_plan> changelogs();

  /// Joins the group with a lane, whose name no other member may have.
  std::unique_ptr<log_member> join(const std::string& lane);

 private:
  void create_one(const topic_plan& plan);
  rd_kafka_resp_err_t ask_for(const topic_plan& plan, const std::string& name);

  const kafka_options options_;
  const inputs inputs_;
  kafka_cluster cluster_;
};

}  // namespace weir
