#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/record.hpp"
#include "state/store/rocks_db.hpp"

namespace weir {

/// The files that `weir replay` writes. Events, dead letters and late events are written as they are
/// committed; of sessions, users and gold the last revision of each record is kept in a RocksDB, and written
/// at the end, in order of keys. A session belongs to its partition: one of the same name in another is
/// another. Concurrency: `take` is called under the log's lock, everything else when no lane runs.
class replay_output {
 public:
  /// Makes the folder. Throws output_error.
  replay_output(const std::filesystem::path& dir, rocks_db& work);
  ~replay_output();

  void take(const outbox& box, const outbox::record& r);
  /// Writes sessions.ndjson, users.ndjson and gold/*.ndjson. Returns how many sessions stand (withdrawn ones
  /// do not).
  std::uint64_t finish();

 private:
  struct file {
    std::filesystem::path path;
    std::FILE* handle = nullptr;
  };
  file open(const std::string& name);
  void line(file& to, std::string_view text);
  void close(file& f);
  std::uint64_t write_all(const std::string& family, const std::string& name);

  std::filesystem::path dir_;
  rocks_db& work_;
  file events_, dlq_, late_;
  std::array<rocksdb::ColumnFamilyHandle*, families> gold_{};
  rocksdb::ColumnFamilyHandle *sessions_ = nullptr, *users_ = nullptr;
};

}  // namespace weir
