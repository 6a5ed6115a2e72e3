#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pipeline/log/log.hpp"

namespace weir {

/// A log in process: topics, partitions, one group with range assignment, offsets, changelogs, read-committed
/// isolation and fencing. `weir replay` runs over it; the simulation stands on it, with commits that land
/// when and how it says. All methods may be called from any thread.
class memory_log {
 public:
  struct options {
    bool changelogs = false;  // keep changelog topics; else stores in this process are the only copy of state
    bool trim_inputs = false;     // drop input that no recovery reads again
    bool manual_commits = false;  // commits land by `land` only
  };
  explicit memory_log(options o);
  ~memory_log();

  // -- topics
  // ------------------------------------------------------------------------------------------------------
  void create_topic(const std::string& topic, std::int32_t partitions);
  /// A topic that tasks of this stage read.
  void add_input(stage of, const std::string& topic);
  void append(const std::string& topic, std::int32_t partition, std::string_view key, std::string_view value,
              std::int64_t time);
  /// Appends a run of records whose offsets follow on.
  void append(const std::string& topic, std::int32_t partition, std::shared_ptr<const record_chunk> run);
  /// A partition that is read from elsewhere as far as it is asked for: `next` returns the next run of
  /// records, whose offsets follow on, or nothing when there are no more. Called by one thread at a time.
  void set_source(const std::string& topic, std::int32_t partition,
                  std::function<std::shared_ptr<const record_chunk>()> next);
  /// Nothing will follow in this topic.
  void end_topic(const std::string& topic);
  /// Committed records of a topic go here, in order, and are kept only if it is the input of a stage; called
  /// under the log's lock.
  using sink = std::function<void(const outbox& box, const outbox::record& r)>;
  void set_sink(output topic, sink to);
  /// Where the input of a task may still be read, and its end.
  std::int64_t start_of(const std::string& topic, std::int32_t partition);
  std::int64_t end_of(const std::string& topic, std::int32_t partition);
  bool has_topic(const std::string& topic);
  std::int32_t partitions(const std::string& topic);
  /// Every committed record of a partition, for tests.
  void read_all(const std::string& topic, std::int32_t partition,
                const std::function<void(std::string_view key, std::string_view value)>& visit);
  /// Counts what has been appended or assigned: unchanged means nothing new to read.
  std::uint64_t version();

  // -- group
  // -------------------------------------------------------------------------------------------------------
  /// Joins the group; tasks are assigned anew to all members. A member leaves when it is destroyed.
  std::unique_ptr<log_member> join(const std::string& name);
  /// Whether members are asked for their tasks before these are assigned anew. If not, they are lost.
  void set_graceful(bool on);
  std::int64_t committed(const task_id& task);
  /// Forgets the last changes of a changelog, as a broker may that lost its disk: a fault, for tests.
  void lose_changes(const task_id& task, std::size_t count);

  // -- faults
  // ------------------------------------------------------------------------------------------------------
  enum class fate { committed, rejected, unknown_committed, unknown_lost };
  /// Lands the epoch of a member in flight. Unknown ones take effect when the member, or its successor,
  /// fences. Returns false when none is in flight.
  bool land(const std::string& member, fate how);
  bool in_flight(const std::string& member);
  /// Drops changelog records that a later one of their key has replaced, and tombstones older than
  /// `retention`.
  void compact(std::int64_t now, std::int64_t retention);
  /// The clock of the broker: stamps appended records.
  void set_clock(std::function<std::int64_t()> now);

 private:
  class member;
  struct partition_log {
    std::deque<std::shared_ptr<const record_chunk>> chunks;
    std::int64_t start = 0, end = 0;
    std::function<std::shared_ptr<const record_chunk>()> source;
    bool ended = false;
  };
  struct topic_log {
    std::vector<partition_log> partitions;
  };
  struct changelog_record {
    std::int64_t offset, time;
    state_change change;
  };
  struct changelog {
    std::deque<changelog_record> records;
    std::int64_t end = 0;
  };
  struct doubt {
    std::unique_ptr<epoch> e;
    bool takes_effect = false;
  };

  void apply(epoch& e);
  void apply_outputs(const outbox& box);
  bool is_input(const std::string& topic) const;
  void trim(const task_commit& part);
  void push(partition_log& p, std::shared_ptr<const record_chunk> chunk);
  partition_log& partition(const std::string& topic, std::int32_t number);
  bool pull(std::unique_lock<std::mutex>& lock, partition_log& p);
  void rebalance();
  void assign_if_released();
  void reassign();

  options options_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::map<std::string, topic_log, std::less<>> topics_;
  std::vector<std::pair<stage, std::string>> inputs_;
  std::map<output, sink> sinks_;
  std::map<task_id, std::int64_t> offsets_;
  std::map<task_id, changelog> changelogs_;
  std::map<std::string, member*> members_;
  std::map<std::string, doubt> doubts_;
  std::uint64_t version_ = 1;
  std::uint64_t generation_ = 0;
  bool graceful_ = false;
  bool rebalancing_ = false;  // members have been asked for their tasks
  std::function<std::int64_t()> now_;
};

}  // namespace weir
