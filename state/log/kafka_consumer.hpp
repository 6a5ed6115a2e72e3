#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/log/kafka_client.hpp"

namespace weir {

/// A lane's consumer: a static member of the group, subscribed to all inputs, with eager range assignment.
/// Positions are the lane's: it never commits, and an offset that is not there is an error.
///
/// Lifecycle: rebuilt with `rebuild` after a fatal error. Used by the lane's thread.
class kafka_consumer {
 public:
  using inputs = std::vector<std::pair<stage, std::string>>;
  kafka_consumer(kafka_options options, inputs in, std::string member);
  ~kafka_consumer();

  /// Makes the client anew and joins the group again.
  void rebuild();
  /// Why the client can do nothing any more; empty while it can.
  std::string fatal() const;

  bool assignment_changed() const { return changed_; }
  /// Whether the group has said what this member gets.
  bool joined() const { return joined_; }
  /// True while the group asks for the tasks in good order and they have not been released.
  bool revoking() const { return revoking_; }
  void release();
  /// Wants no tasks any more: the group gives them to others.
  void leave();
  /// The tasks of the last assignment; reading begins when each has been sought, or paused.
  std::vector<task_id> take_assignment();
  void seek(std::size_t task, std::int64_t offset);
  void pause(std::size_t task, bool on);
  void poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out);
  /// In long work before reading begins: shows the group that the lane is alive (max.poll.interval.ms).
  void show_alive();
  partition_end end_of(std::size_t task);
  /// Waits for what other transactions have open. 0: none was committed yet.
  std::int64_t committed(const task_id& task);
  /// Where a task of a group that has never committed begins: where the options say.
  std::int64_t beginning(const task_id& task);
  kafka_ptr<rd_kafka_consumer_group_metadata_t> group_metadata() const;
  const kafka_options& options() const { return options_; }

 private:
  struct source {
    task_id task;
    std::int64_t position = -1;  // next offset; -1: not sought yet
    std::int64_t end_at = -1;    // where the end of the partition was met
    bool paused = false;
  };
  void pause_fetching(const source& s, bool on);
  static void rebalance(rd_kafka_t*, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t* parts,
                        void* self);
  void close();
  void subscribe();
  void let_go();
  void assigned(const rd_kafka_topic_partition_list_t* parts);
  void begin_reading();
  std::shared_ptr<record_chunk> spare_chunk();
  void take(rd_kafka_message_t* const* messages, std::size_t count, std::vector<fetched>& out);
  void take_event(const rd_kafka_message_t& m);
  std::string input_fault_of(const rd_kafka_message_t& m, const std::string& otherwise);
  std::size_t find(const rd_kafka_message_t& m) const;

  const kafka_options options_;
  const inputs inputs_;
  const std::string member_;
  kafka_ptr<rd_kafka_t> client_;
  kafka_ptr<rd_kafka_queue_t> queue_;
  std::vector<task_id> pending_;
  bool changed_ = false, joined_ = false, revoking_ = false, closing_ = false, leaving_ = false;
  std::vector<source> sources_;
  std::vector<std::shared_ptr<record_chunk>> chunks_;  // all that it has made, to be used again
  bool sought_ = false;
};

}  // namespace weir
