#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/store/rocks_db.hpp"

namespace weir {

/// The durable embedded log, for a single node without Kafka: topics, offsets and the tasks' state in one
/// RocksDB. A commit is one synced write batch of records, state and offsets, so state needs no changelog and
/// an outcome is never unknown. A second process on the same folder is refused by RocksDB's lock file.
///
/// Concurrency: all methods may be called from any thread. Commits are written by a thread of the log's own,
/// in the order in which they were handed over, several at once when they wait.
class local_log {
 public:
  /// Opens or makes the log in `dir`. Throws std::runtime_error.
  local_log(const std::filesystem::path& dir, rocks_db::options o);
  ~local_log();

  /// Makes a topic, unless it is there. Throws when it is there with another partition count.
  void create_topic(const std::string& topic, std::int32_t partitions);
  std::vector<std::string> topics();
  std::int32_t partitions(const std::string& topic);
  /// A topic that tasks of this stage read.
  void add_input(stage of, const std::string& topic);

  struct new_record {
    std::string key, value;
  };
  /// Appends records to a partition; durable on return.
  void append(const std::string& topic, std::int32_t partition, const std::vector<new_record>& records,
              std::int64_t time);
  std::int64_t end_of(const std::string& topic, std::int32_t partition);
  /// Visits committed records of a partition from an offset on, until `visit` returns false.
  using visitor = std::function<bool(std::int64_t offset, std::int64_t time, std::string_view key,
                                     std::string_view value)>;
  void read(const std::string& topic, std::int32_t partition, std::int64_t from, const visitor& visit);
  /// Drops records of a topic that are older than `before`, whole runs at a time. For
  /// topics that no task reads.
  void drop_before(const std::string& topic, std::int64_t before);
  /// Told of every committed epoch, by the committing thread: for live views.
  void on_commit(std::function<void(const epoch&)> told);

  /// Joins the group with one of `count` lanes: partitions are assigned once, in ranges.
  std::unique_ptr<log_member> join(std::size_t lane, std::size_t count);
  std::shared_ptr<task_store> store(const task_id& task) { return db_.open(task); }
  std::int64_t committed(const task_id& task);
  /// Counts commits and appends: unchanged means nothing new to read.
  std::uint64_t version();

 private:
  class member;
  struct partition_log {
    std::int64_t end = 0;
  };
  struct topic_log {
    std::uint32_t id = 0;
    std::vector<partition_log> partitions;
  };
  struct placed {
    topic_log* topic;
    std::int32_t partition;
    std::shared_ptr<record_chunk> chunk;
  };

  void load();
  void run_commits();
  void write(const std::vector<member*>& ready);
  using runs = std::map<std::pair<std::string, std::int32_t>, placed>;
  void place(const outbox& box, std::int64_t time, runs& into);
  void put_epoch(const epoch& e, rocksdb::WriteBatch& batch);
  void put_chunk(const placed& p, rocksdb::WriteBatch& batch);
  void publish(const runs& chunks);
  void read_runs(const std::string& topic, std::int32_t partition, std::int64_t from,
                 const std::function<bool(std::shared_ptr<record_chunk>)>& visit);
  topic_log& topic(const std::string& name);
  topic_log& make_topic(const std::string& name, std::int32_t partitions);

  rocks_db db_;
  rocksdb::ColumnFamilyHandle* records_;
  rocksdb::ColumnFamilyHandle* meta_;
  std::mutex mutex_;        // guards everything below
  std::mutex write_mutex_;  // one writer at a time: offsets are given in order; taken before mutex_
  std::condition_variable more_, work_, idle_;
  std::map<std::string, topic_log> topics_;
  std::vector<std::pair<stage, std::string>> inputs_;
  std::deque<member*> waiting_;
  std::function<void(const epoch&)> told_;
  std::uint64_t version_ = 1;
  bool stopping_ = false;
  std::jthread committer_;
};

}  // namespace weir
