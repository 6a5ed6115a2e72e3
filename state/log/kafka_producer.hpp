#pragma once

#include <map>
#include <string>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/log/kafka_client.hpp"

namespace weir {

/// A lane's transactional producer: one epoch, one transaction, in one burst. Its id is the lane's: whoever
/// initialises transactions under it fences what an earlier life left open.
///
/// Concurrency: one caller at a time.
class kafka_producer {
 public:
  kafka_producer(kafka_options options, std::string id);

  /// Makes the client anew and initialises transactions: after it nothing of this id is undecided.
  void fence();

  /// An epoch's records, and the offsets of its tasks in the name of the group's member.
  struct committed_ends {
    outcome how = outcome::unknown;
    std::map<task_id, std::int64_t> changelog_ends;  // behind the last record of each changelog partition
  };
  committed_ends commit(const epoch& e, const rd_kafka_consumer_group_metadata_t& member);

 private:
  struct failure {
    outcome how;
  };
  void produce(const std::string& topic, std::int32_t partition, std::string_view key,
               const std::string_view* value, void* tag);
  void send_offsets(const epoch& e, const rd_kafka_consumer_group_metadata_t& member);
  void demand(rd_kafka_error_t* error, const char* what);
  std::int32_t partitions(const std::string& topic);
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* m, void*);

  const kafka_options options_;
  const std::string id_;
  kafka_ptr<rd_kafka_t> client_;
  std::map<std::string, std::int32_t> partitions_;
};

}  // namespace weir
