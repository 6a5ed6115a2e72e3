#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "state/store/store_usage.hpp"
#include "state/store/task_store.hpp"

namespace weir {

/// A RocksDB with one column family a task: a task is dropped by dropping its family. Without a write-ahead
/// log: what a crash takes is restored from the changelog (or, in a replay, never needed).
///
/// Concurrency: `open`, `drop` and `usage` may be called by any thread; a store is used by one thread at a
/// time.
class rocks_db {
 public:
  /// Which of a task's stores is the last one opened, and may write.
  struct store_owner {
    std::mutex mutex;
    std::uint64_t last = 0;
  };
  struct options {
    std::size_t cache_bytes = 256 << 20;  // memory.rocksdb: blocks and memtables together
    bool read_only = false;  // as it is now; another process may be writing. Families must be there
  };
  /// Opens or makes it. Throws std::runtime_error with the path and the reason.
  rocks_db(const std::filesystem::path& dir, options o);
  ~rocks_db();

  /// The store of a task. From then on an earlier one of the same task writes no more: it throws
  /// store_taken, since another lane has the task.
  std::shared_ptr<task_store> open(const task_id& task);
  /// The family of values that are appended in order of their keys and dropped in ranges.
  static constexpr std::string_view appended_family = "log.records";
  /// A family of its own for other uses.
  rocksdb::ColumnFamilyHandle* family(const std::string& name);
  /// Names of all families.
  std::vector<std::string> families();
  rocksdb::DB& db() { return *db_; }
  store_usage usage() const;
  /// Writes without a log.
  static rocksdb::WriteOptions unlogged();

 private:
  rocksdb::ColumnFamilyOptions family_options(const std::string& name) const;

  std::shared_ptr<rocksdb::Cache> cache_;
  std::shared_ptr<rocksdb::Statistics> statistics_;
  std::unique_ptr<rocksdb::DB> db_;
  std::mutex mutex_;  // guards what follows
  std::map<std::string, rocksdb::ColumnFamilyHandle*> families_;
  std::map<std::string, store_owner> owners_;
};

/// Throws std::runtime_error when RocksDB says no.
void check(const rocksdb::Status& status, const std::string& what);

/// What is thrown when what is stored is damaged: files are missing, cut short, or others than were written.
struct damaged_store : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace weir
