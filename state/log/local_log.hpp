#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/store/rocks_db.hpp"

namespace weir {

class local_member;

/// The durable embedded log, for a single node without Kafka: topics, offsets and the tasks' state in one
/// RocksDB. A commit is one synced write batch of records, state and offsets, so state needs no changelog and
/// an outcome is never unknown. A second process on the same folder is refused by RocksDB's lock file.
///
/// Bytes: column family `log.records`: runs of records (record_run.hpp); `log.latest`, of compacted topics:
/// topic and partition as in a run's key, then the record's key -> offset, time (zig-zag), value; `log.meta`:
/// `topic|<name>` -> number, partitions, 1 if compacted; `offset|<task>` -> next input offset (zig-zag); a
/// family a task: its state.
///
/// Concurrency: all methods may be called from any thread. Commits are written by a thread of the log's own,
/// in the order in which they were handed over, several at once when they wait.
class local_log {
 public:
  /// What is kept of every topic; what a task may still have to read is always kept.
  struct retention {
    std::int64_t age = std::int64_t{7} * 86'400'000;  // milliseconds, by the records' times
    std::uint64_t bytes = std::uint64_t{8} << 30;     // on disk, of all topics together
  };

  /// Opens or makes the log in `dir`; with `read_only` what is there now can be read, also while another
  /// process writes. Throws std::runtime_error.
  local_log(const std::filesystem::path& dir, rocks_db::options o, retention keep);
  ~local_log();

  enum class cleanup : std::uint8_t {
    by_age,   // runs are dropped as `retention` says
    compact,  // the same, but the last record of each key stays
  };
  /// Makes a topic, unless it is there. Throws when it is there with another partition count.
  void create_topic(const std::string& topic, std::int32_t partitions, cleanup how = cleanup::by_age);
  std::vector<std::string> topics();
  /// 0 when there is no such topic.
  std::int32_t partitions(const std::string& topic);
  /// True when the last record of each key stays; false, too, when there is no such topic.
  bool compacted(const std::string& topic);
  /// A topic that tasks of this stage read.
  void add_input(stage of, const std::string& topic);
  /// Nothing more will be appended to it by this process: the end of its input.
  void end_topic(const std::string& topic);

  struct new_record {
    std::int32_t partition = 0;
    std::int64_t time = 0;  // milliseconds
    std::string key, value;
  };
  /// Appends records, all together or none; durable on return.
  void append(const std::string& topic, std::span<const new_record> records);
  /// Offsets of a partition that can be read: from `start` on, below `end`.
  std::int64_t start_of(const std::string& topic, std::int32_t partition);
  std::int64_t end_of(const std::string& topic, std::int32_t partition);
  /// Visits committed records of a partition from an offset on, until `visit` returns false.
  using visitor = std::function<bool(std::int64_t offset, std::int64_t time, std::string_view key,
                                     std::string_view value)>;
  void read(const std::string& topic, std::int32_t partition, std::int64_t from, const visitor& visit);
  /// Of a compacted topic: visits the last record of each key that begins with `prefix`, in order of keys.
  void read_latest(const std::string& topic, std::int32_t partition, std::string_view prefix,
                   const visitor& visit);
  /// Told of every committed epoch before its lane is, by the committing thread: for live views.
  void on_commit(std::function<void(const epoch&)> told);

  /// Joins the group with one of `count` lanes: partitions are assigned once, in ranges.
  std::unique_ptr<log_member> join(std::size_t lane, std::size_t count);
  /// A task's state as commits wrote it. What a lane would write into it is there already.
  std::shared_ptr<task_store> store(const task_id& task);
  std::int64_t committed(const task_id& task);
  /// Counts commits and appends: unchanged means nothing new to read.
  std::uint64_t version();

  /// Drops what `retention` says. Called by the log itself every few seconds.
  void drop_old(std::int64_t now);

 private:
  friend class local_member;
  struct topic_log {
    std::uint32_t id = 0;
    cleanup how = cleanup::by_age;
    bool ended = false;
    std::vector<std::int64_t> ends;  // by partition
  };
  struct placed {
    topic_log* topic;
    std::int32_t partition;
    std::shared_ptr<record_chunk> chunk;
  };
  using runs = std::map<std::pair<std::string, std::int32_t>, placed>;
  using partition_name = std::pair<std::string, std::int32_t>;

  void load_topics();
  void load_ends();
  void run_commits();
  void write(const std::vector<local_member*>& ready);
  rocksdb::Status write_batch(const std::vector<local_member*>& ready);
  void place(const outbox& box, std::int64_t time, runs& into);
  placed& run_of(const std::string& topic, std::int32_t partition, runs& into);
  void put_epoch(const epoch& e, rocksdb::WriteBatch& batch);
  void put_chunk(const placed& p, rocksdb::WriteBatch& batch);
  void publish(const runs& chunks);
  void read_runs(const std::string& topic, std::int32_t partition, std::int64_t from,
                 const std::function<bool(std::shared_ptr<record_chunk>)>& visit);
  topic_log& topic(const std::string& name);
  /// Below it a partition is needed by no task.
  std::int64_t needed_from(const std::string& name, std::int32_t partition);
  void drop_below(const partition_name& of, std::int64_t offset);
  std::int64_t offset_at(const partition_name& of, std::int64_t time);
  std::uint64_t bytes_of(const partition_name& of);
  std::vector<partition_name> all_partitions();

  rocks_db db_;
  rocksdb::ColumnFamilyHandle* records_;
  rocksdb::ColumnFamilyHandle* latest_;
  rocksdb::ColumnFamilyHandle* meta_;
  const retention keep_;
  std::mutex mutex_;        // guards everything below
  std::mutex write_mutex_;  // one writer at a time: offsets are given in order; taken before mutex_
  std::condition_variable more_, work_, idle_;
  std::map<std::string, topic_log> topics_;
  std::vector<std::pair<stage, std::string>> inputs_;
  std::map<task_id, std::int64_t> redo_from_;  // of this process's commits
  std::deque<local_member*> waiting_;
  std::function<void(const epoch&)> told_;
  std::uint64_t version_ = 1;
  bool stopping_ = false;
  std::jthread committer_;
};

}  // namespace weir
