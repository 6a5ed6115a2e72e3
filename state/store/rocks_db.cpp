#include "state/store/rocks_db.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/statistics.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <stdexcept>
#include <vector>

#include "pipeline/base/codec.hpp"

namespace weir {

namespace {

constexpr std::size_t memtable_bytes = 8 << 20;
constexpr std::size_t appended_memtable_bytes = 32 << 20;
constexpr std::string_view position_key{"\0position",
                                        9};  // no key of a state sorts before it but the epoch record's

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& s) { return {s.data(), s.size()}; }

/// RocksDB's own log goes nowhere: written to the data's folder, it aborts the process (an assertion) at the
/// second line that a full disk does not take. What matters comes back as a status.
class no_log : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

/// One task's column family.
class rocks_store : public task_store {
 public:
  rocks_store(rocks_db& owner, rocksdb::ColumnFamilyHandle* family, rocks_db::store_owner& turn)
      : owner_(owner), family_(family), turn_(turn) {
    {
      std::lock_guard lock(turn_.mutex);
      mine_ = ++turn_.last;
    }
    if (const auto bytes = get(position_key)) {
      byte_reader in(*bytes);
      position_ = in.zigzag();
      time_ = in.zigzag();
    }
  }

  std::optional<std::string> get(std::string_view key) override {
    std::string value;
    const auto status = owner_.db().Get(rocksdb::ReadOptions(), family_, slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    check(status, "read state");
    return value;
  }

  void scan(std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) override {
    const std::unique_ptr<rocksdb::Iterator> i(owner_.db().NewIterator(rocksdb::ReadOptions(), family_));
    for (i->Seek(slice(from)); i->Valid(); i->Next())
      if (view(i->key()) != position_key && !visit(view(i->key()), view(i->value()))) break;
    check(i->status(), "scan state");
  }

  void apply(const std::vector<state_change>& changes) override {
    rocksdb::WriteBatch batch;
    for (const auto& change : changes) {
      if (change.value)
        batch.Put(family_, slice(change.key), slice(*change.value));
      else
        batch.Delete(family_, slice(change.key));
    }
    write(batch);
  }

  std::int64_t position() override { return position_; }
  std::int64_t time() override { return time_; }
  void set_position(std::int64_t position, std::int64_t time) override {
    if (position == position_ && time == time_) return;
    std::string bytes;
    byte_writer out(bytes);
    out.zigzag(position);
    out.zigzag(time);
    rocksdb::WriteBatch batch;
    batch.Put(family_, slice(position_key), slice(bytes));
    write(batch);
    position_ = position;
    time_ = time;
  }

  void clear() override {
    set_position(0, 0);  // first: a crash may take what is written last
    std::vector<std::string> keys;
    scan({}, [&](std::string_view key, std::string_view) { return keys.emplace_back(key), true; });
    rocksdb::WriteBatch batch;
    for (const auto& key : keys) batch.Delete(family_, slice(key));
    write(batch);
  }

 private:
  void write(rocksdb::WriteBatch& batch) {
    std::lock_guard lock(turn_.mutex);
    if (turn_.last != mine_) throw store_taken("another lane has opened the state of " + family_->GetName());
    check(owner_.db().Write(rocks_db::unlogged(), &batch), "write state");
  }

  rocks_db& owner_;
  rocksdb::ColumnFamilyHandle* family_;
  rocks_db::store_owner& turn_;
  std::uint64_t mine_ = 0;
  std::int64_t position_ = 0, time_ = 0;
};

}  // namespace

void check(const rocksdb::Status& status, const std::string& what) {
  if (status.ok()) return;
  const auto why = "cannot " + what + ": " + status.ToString();
  if (status.IsCorruption()) throw damaged_store(why);
  throw std::runtime_error(why);
}

rocksdb::WriteOptions rocks_db::unlogged() {
  rocksdb::WriteOptions o;
  o.disableWAL = true;
  return o;
}

rocksdb::ColumnFamilyOptions rocks_db::family_options(const std::string& name) const {
  rocksdb::ColumnFamilyOptions o;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache_;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.cache_index_and_filter_blocks = true;
  o.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  o.write_buffer_size = memtable_bytes;
  o.compression = rocksdb::kLZ4Compression;
  if (name == appended_family) {  // nothing is ever overwritten: merge seldom
    o.write_buffer_size = appended_memtable_bytes;
    o.compaction_style = rocksdb::kCompactionStyleUniversal;
  }
  return o;
}

rocks_db::rocks_db(const std::filesystem::path& dir, options o)
    : cache_(rocksdb::NewLRUCache(o.cache_bytes)), statistics_(rocksdb::CreateDBStatistics()) {
  statistics_->set_stats_level(
      rocksdb::kExceptHistogramOrTimers);  // counts of stalls, without a clock a call
  rocksdb::DBOptions db_options;
  db_options.statistics = statistics_;
  db_options.create_if_missing = !o.read_only;
  db_options.max_background_jobs = 2;
  db_options.info_log = std::make_shared<no_log>();
  db_options.max_open_files = o.read_only ? -1 : 512;  // all at once: another process may remove them
  db_options.db_write_buffer_size = o.cache_bytes / 2;
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(db_options, dir.string(), &names).ok()) names = {"default"};
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const auto& name : names) descriptors.emplace_back(name, family_options(name));
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  if (!o.read_only) std::filesystem::create_directories(dir);
  const auto status = o.read_only
                          ? rocksdb::DB::OpenForReadOnly(db_options, dir.string(), descriptors, &handles, &db)
                          : rocksdb::DB::Open(db_options, dir.string(), descriptors, &handles, &db);
  if (status.IsIOError() && status.ToString().find("lock ") != std::string::npos)
    throw std::runtime_error(dir.string() + " is in use by another process");
  check(status, "open " + dir.string());
  db_.reset(db);
  for (auto* handle : handles) families_[handle->GetName()] = handle;
}

rocks_db::~rocks_db() {
  for (auto& [_, handle] : families_) db_->DestroyColumnFamilyHandle(handle);
}

rocksdb::ColumnFamilyHandle* rocks_db::family(const std::string& name) {
  std::lock_guard lock(mutex_);
  auto& handle = families_[name];
  if (!handle)
    check(db_->CreateColumnFamily(family_options(name), name, &handle), "make column family " + name);
  return handle;
}

std::vector<std::string> rocks_db::families() {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, _] : families_) names.push_back(name);
  return names;
}

store_usage rocks_db::usage() const {
  const auto sum = [this](const std::string& property) {
    std::uint64_t value = 0;
    db_->GetAggregatedIntProperty(property, &value);
    return value;
  };
  using of = rocksdb::DB::Properties;
  store_usage u;
  u.block_cache_bytes = cache_->GetUsage();
  u.memtable_bytes = sum(of::kCurSizeAllMemTables);
  u.table_reader_bytes = sum(of::kEstimateTableReadersMem);
  u.disk_bytes = sum(of::kLiveSstFilesSize);
  u.pending_compaction_bytes = sum(of::kEstimatePendingCompactionBytes);
  u.errors = sum(of::kBackgroundErrors);
  u.stall_seconds = static_cast<double>(statistics_->getTickerCount(rocksdb::STALL_MICROS)) / 1e6;
  std::uint64_t stopped = 0;
  u.stopped = db_->GetIntProperty(of::kIsWriteStopped, &stopped) && stopped != 0;
  return u;
}

std::shared_ptr<task_store> rocks_db::open(const task_id& task) {
  const auto name = to_string(task);
  auto* own = family(name);
  std::lock_guard lock(mutex_);
  return std::make_shared<rocks_store>(*this, own, owners_[name]);
}

}  // namespace weir
