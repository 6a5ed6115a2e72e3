#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "pipeline/kpi/family.hpp"
#include "pipeline/log/log.hpp"
#include "state/log/kafka_client.hpp"

namespace weir {

/// A lane's transactional producer: one epoch, one transaction, sent in a burst or, when it is large, in
/// several. Its id is the lane's: whoever initialises transactions under it fences what an earlier life left
/// open.
///
/// Concurrency: one caller at a time.
class kafka_producer {
 public:
  kafka_producer(kafka_options options, std::string id);

  /// Makes the client anew and initialises transactions: after it nothing of this id is undecided.
  void fence();

  /// An epoch's records, and the offsets of its tasks in the name of the group's member. The records are not
  /// copied: unless it was committed, the epoch must stay until `fence` has made the client anew.
  struct committed_ends {
    outcome how = outcome::unknown;
    std::map<task_id, std::int64_t> changelog_ends;  // behind the last record of each changelog partition
  };
  committed_ends commit(const epoch& e, const rd_kafka_consumer_group_metadata_t& member);

 private:
  struct failure {
    outcome how;
  };
  /// A topic as the client has it.
  struct destination {
    kafka_ptr<rd_kafka_topic_t> topic;
    std::int32_t partitions = 0;
    std::vector<std::size_t> waiting;  // bytes for each partition that are not yet sent
  };
  destination& destination_of(const outbox::record& r);
  destination& open(const std::string& topic);
  void produce(destination& to, std::int32_t partition, std::string_view key, const std::string_view* value,
               void* tag);
  void produce_outputs(const outbox& outputs);
  void produce_changes(const task_commit& part, std::int64_t& end);
  void send_round();
  void forget_round();
  void finish();
  void send_offsets(const epoch& e, const rd_kafka_consumer_group_metadata_t& member);
  void demand(rd_kafka_error_t* error, const char* what);
  [[noreturn]] void give_up(const std::string& why);
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* m, void*);

  const kafka_options options_;
  const std::string id_;
  kafka_ptr<rd_kafka_t> client_;
  std::map<std::string, destination> destinations_;  // of client_
  std::array<destination*, static_cast<std::size_t>(output::count_) * families> by_output_{};
};

}  // namespace weir
