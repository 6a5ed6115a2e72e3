#include "state/store/rocks_db.hpp"

#include <doctest/doctest.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <chrono>

using namespace weir;

namespace {

struct fixture {
  std::filesystem::path dir =
      std::filesystem::temp_directory_path() / ("weir-rocks-db-" + std::to_string(getpid()));
  rocks_db db{dir, {64 << 20}};
  rocksdb::ColumnFamilyHandle* family = db.family("x");
  int written = 0;

  ~fixture() { std::filesystem::remove_all(dir); }

  void write(int values) {
    const std::string value(1'000, 'x');
    rocksdb::WriteBatch batch;
    for (int i = 0; i < values; ++i) batch.Put(family, std::to_string(written++ * 7'919 % 1'000'003), value);
    check(db.db().Write(rocks_db::unlogged(), &batch), "write");
  }
  void flush() { check(db.db().Flush(rocksdb::FlushOptions(), family), "flush"); }
};

}  // namespace

TEST_CASE("a store tells the memory that it takes, and what is on disk") {
  fixture x;
  x.write(5'000);
  const auto before = x.db.usage();
  CHECK(before.memtable_bytes > 5'000'000);
  CHECK(before.disk_bytes == 0);
  x.flush();
  const auto after = x.db.usage();
  CHECK(after.memtable_bytes < before.memtable_bytes);
  CHECK(after.disk_bytes > 0);
  std::string value;
  check(x.db.db().Get(rocksdb::ReadOptions(), x.family, "0", &value), "read");
  CHECK(x.db.usage().block_cache_bytes > after.block_cache_bytes);
  CHECK(after.errors == 0);
  CHECK_FALSE(after.stopped);
}

TEST_CASE("a store tells for how long it held writers up, since its files could not be merged as fast") {
  fixture x;
  check(x.db.db().SetOptions(
            x.family, {{"level0_file_num_compaction_trigger", "2"}, {"level0_slowdown_writes_trigger", "2"}}),
        "make it slow down early");
  CHECK(x.db.usage().stall_seconds == 0);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (x.db.usage().stall_seconds == 0 && std::chrono::steady_clock::now() < until) {
    for (int i = 0; i < 20; ++i) x.write(100);
    x.flush();
  }
  CHECK(x.db.usage().stall_seconds > 0);
}

TEST_CASE("a store writes no more when another of the same task has been opened after it") {
  fixture x;
  const task_id task{stage::ingest, "web", 0};
  const auto before = x.db.open(task);
  before->apply({{"key", "old"}});
  const auto after = x.db.open(task);
  CHECK_THROWS_AS(before->apply({{"key", "older"}}), store_taken);
  CHECK_THROWS_AS(before->set_position(7, 1), store_taken);
  after->apply({{"key", "new"}});
  CHECK(after->get("key") == "new");
  CHECK(after->position() == 0);
  x.db.open({stage::ingest, "web", 1});
  after->apply({{"key", "newer"}});
  CHECK(before->get("key") == "newer");
}
