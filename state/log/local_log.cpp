#include "state/log/local_log.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "pipeline/base/codec.hpp"
#include "state/log/topic_of.hpp"

namespace weir {

namespace {

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }

void put_big_endian(std::string& out, std::uint64_t x, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>(x >> (8 * i)));
}

std::uint64_t get_big_endian(std::string_view in) {
  std::uint64_t x = 0;
  for (const char c : in) x = x << 8 | static_cast<std::uint8_t>(c);
  return x;
}

// Key of a run of records: topic's number (4), partition (4), offset of its last record (8), big-endian.
std::string run_key(std::uint32_t topic, std::int32_t partition, std::int64_t last) {
  std::string key;
  put_big_endian(key, topic, 4);
  put_big_endian(key, static_cast<std::uint32_t>(partition), 4);
  put_big_endian(key, static_cast<std::uint64_t>(last), 8);
  return key;
}

std::int64_t last_offset(std::string_view key) {
  return static_cast<std::int64_t>(get_big_endian(key.substr(8)));
}

// A run: count, offset of the first; then each record's time (zig-zag, against the one before), key and
// value.
std::string encode_run(const record_chunk& chunk) {
  std::string bytes;
  byte_writer out(bytes);
  out.varint(chunk.entries.size());
  out.zigzag(chunk.entries.front().offset);
  std::int64_t time = 0;
  for (const auto& e : chunk.entries) {
    out.zigzag(e.time - std::exchange(time, e.time));
    out.text(chunk.key(e));
    out.text(chunk.value(e));
  }
  return bytes;
}

std::shared_ptr<record_chunk> decode_run(std::string_view bytes) {
  auto chunk = std::make_shared<record_chunk>();
  chunk->bytes.reserve(bytes.size());
  byte_reader in(bytes);
  auto left = in.count();
  auto offset = in.zigzag();
  std::int64_t time = 0;
  for (; left > 0; --left) {
    time += in.zigzag();
    const auto key = in.text();
    chunk->add(offset++, time, key, in.text());
  }
  return chunk;
}

std::int64_t wall_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string offset_key(const task_id& task) { return "offset|" + to_string(task); }
std::string topic_key(const std::string& topic) { return "topic|" + topic; }

std::int32_t partition_of(const outbox& box, const outbox::record& r, std::int32_t count) {
  if (r.partition >= 0) return r.partition % count;
  return static_cast<std::int32_t>(hash64(box.key(r)) % static_cast<std::uint64_t>(count));
}

}  // namespace

/// A lane's way to the log.
class local_log::member : public log_member {
 public:
  member(local_log& log, std::vector<task_id> tasks)
      : log_(log), tasks_(std::move(tasks)), positions_(tasks_.size(), 0) {}
  ~member() override { wait(); }

  std::vector<task_id> assignment() override {
    fresh_ = false;
    return tasks_;
  }
  bool assignment_changed() override { return fresh_; }
  void fence() override {
    wait();
    outcome_.reset();
    done_.reset();
  }
  std::int64_t committed(const task_id& task) override { return log_.committed(task); }
  std::int64_t restore(const task_id&, std::int64_t from,
                       const std::function<void(const state_change&, std::int64_t)>&) override {
    return from;
  }
  void seek(std::size_t task, std::int64_t offset) override { positions_[task] = offset; }

  void poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) override {
    if (max_records > 0) fetch_all(max_records, out);
    if (!out.empty() || wait_ms == 0) return;
    {
      std::unique_lock lock(log_.mutex_);
      const auto seen = log_.version_;
      log_.more_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return log_.version_ != seen; });
    }
    if (max_records > 0) fetch_all(max_records, out);
  }

  partition_end end_of(std::size_t task) override {
    return {log_.end_of(tasks_[task].topic, tasks_[task].partition), false};
  }
  std::int32_t partitions(std::string_view topic) override { return log_.partitions(std::string(topic)); }

  void commit(std::unique_ptr<epoch> e) override {
    std::lock_guard lock(log_.mutex_);
    flight_ = std::move(e);
    log_.waiting_.push_back(this);
    log_.work_.notify_one();
  }
  std::optional<outcome> landed() override {
    std::lock_guard lock(log_.mutex_);
    return std::exchange(outcome_, std::nullopt);
  }
  std::unique_ptr<epoch> take_landed() override {
    std::lock_guard lock(log_.mutex_);
    return std::move(done_);
  }

  local_log& log_;
  std::vector<task_id> tasks_;
  std::vector<std::int64_t> positions_;
  bool fresh_ = true;
  std::unique_ptr<epoch> flight_, done_;  // guarded by the log's mutex
  std::optional<outcome> outcome_;

 private:
  void wait() {
    std::unique_lock lock(log_.mutex_);
    log_.idle_.wait(lock, [this] { return flight_ == nullptr; });
  }

  void fetch_all(std::size_t max_records, std::vector<fetched>& out) {
    for (std::size_t i = 0; i < tasks_.size(); ++i)
      if (positions_[i] < end_of(i).high_watermark) fetch(i, max_records, out);
  }

  void fetch(std::size_t task, std::size_t max_records, std::vector<fetched>& out) {
    auto& position = positions_[task];
    const auto& id = tasks_[task];
    log_.read_runs(id.topic, id.partition, position, [&](std::shared_ptr<record_chunk> chunk) {
      const auto skip =
          static_cast<std::size_t>(std::max<std::int64_t>(0, position - chunk->entries.front().offset));
      const auto count = std::min(max_records, chunk->entries.size() - skip);
      position = chunk->entries[skip + count - 1].offset + 1;
      max_records -= count;
      out.push_back({task, std::move(chunk), skip, count});
      return max_records > 0;
    });
  }
};

// -- topics
// ----------------------------------------------------------------------------------------------------------

local_log::local_log(const std::filesystem::path& dir, rocks_db::options o)
    : db_(dir, o), records_(db_.family("log.records")), meta_(db_.family("log.meta")) {
  load();
  committer_ = std::jthread([this] { run_commits(); });
}

local_log::~local_log() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    work_.notify_all();
  }
  committer_.join();
}

void local_log::load() {
  const std::unique_ptr<rocksdb::Iterator> i(db_.db().NewIterator({}, meta_));
  for (i->SeekToFirst(); i->Valid(); i->Next()) {
    const std::string key = i->key().ToString();
    byte_reader in({i->value().data(), i->value().size()});
    if (!key.starts_with("topic|")) continue;
    auto& t = topics_[key.substr(6)];
    t.id = static_cast<std::uint32_t>(in.varint());
    t.partitions.resize(in.varint());
  }
  check(i->status(), "read the log's topics");
  const std::unique_ptr<rocksdb::Iterator> last(db_.db().NewIterator({}, records_));
  for (auto& [_, t] : topics_) {
    for (std::size_t p = 0; p < t.partitions.size(); ++p) {
      last->SeekForPrev(
          run_key(t.id, static_cast<std::int32_t>(p), std::numeric_limits<std::int64_t>::max()));
      const auto prefix = run_key(t.id, static_cast<std::int32_t>(p), 0).substr(0, 8);
      if (last->Valid() && last->key().starts_with(prefix))
        t.partitions[p].end = last_offset({last->key().data(), last->key().size()}) + 1;
    }
  }
}

local_log::topic_log& local_log::make_topic(const std::string& name, std::int32_t count) {
  auto& t = topics_[name];
  if (!t.partitions.empty()) return t;
  t.id = static_cast<std::uint32_t>(topics_.size());
  t.partitions.resize(static_cast<std::size_t>(count));
  std::string bytes;
  byte_writer out(bytes);
  out.varint(t.id);
  out.varint(static_cast<std::uint64_t>(count));
  check(db_.db().Put(rocksdb::WriteOptions(), meta_, topic_key(name), bytes), "make topic " + name);
  return t;
}

void local_log::create_topic(const std::string& name, std::int32_t count) {
  std::lock_guard lock(mutex_);
  const auto has = make_topic(name, count).partitions.size();
  if (has != static_cast<std::size_t>(count))
    throw std::runtime_error("topic " + name + " has " + std::to_string(has) + " partitions, expected " +
                             std::to_string(count) + ": partition counts cannot be changed");
}

std::vector<std::string> local_log::topics() {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, _] : topics_) names.push_back(name);
  return names;
}

std::int32_t local_log::partitions(const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? 0 : static_cast<std::int32_t>(found->second.partitions.size());
}

void local_log::add_input(stage of, const std::string& name) {
  std::lock_guard lock(mutex_);
  inputs_.emplace_back(of, name);
}

local_log::topic_log& local_log::topic(const std::string& name) {
  const auto found = topics_.find(name);
  if (found == topics_.end()) throw std::out_of_range("no topic " + name);
  return found->second;
}

std::int64_t local_log::end_of(const std::string& name, std::int32_t partition) {
  std::lock_guard lock(mutex_);
  return topic(name).partitions.at(static_cast<std::size_t>(partition)).end;
}

std::uint64_t local_log::version() {
  std::lock_guard lock(mutex_);
  return version_;
}

void local_log::on_commit(std::function<void(const epoch&)> told) {
  std::lock_guard lock(mutex_);
  told_ = std::move(told);
}

// -- reading
// ---------------------------------------------------------------------------------------------------------

void local_log::read_runs(const std::string& name, std::int32_t partition, std::int64_t from,
                          const std::function<bool(std::shared_ptr<record_chunk>)>& visit) {
  std::uint32_t id;
  std::int64_t end;
  {
    std::lock_guard lock(mutex_);
    const auto& t = topic(name);
    id = t.id;
    end = t.partitions.at(static_cast<std::size_t>(partition)).end;
  }
  const auto prefix = run_key(id, partition, 0).substr(0, 8);
  const std::unique_ptr<rocksdb::Iterator> i(db_.db().NewIterator({}, records_));
  for (i->Seek(run_key(id, partition, from)); i->Valid() && i->key().starts_with(prefix); i->Next()) {
    auto chunk = decode_run({i->value().data(), i->value().size()});
    if (chunk->entries.front().offset >= end || !visit(std::move(chunk))) break;
  }
  check(i->status(), "read topic " + name);
}

void local_log::read(const std::string& name, std::int32_t partition, std::int64_t from,
                     const visitor& visit) {
  read_runs(name, partition, from, [&](const std::shared_ptr<record_chunk>& chunk) {
    for (const auto& e : chunk->entries)
      if (e.offset >= from && !visit(e.offset, e.time, chunk->key(e), chunk->value(e))) return false;
    return true;
  });
}

std::int64_t local_log::committed(const task_id& task) {
  std::string bytes;
  const auto status = db_.db().Get({}, meta_, offset_key(task), &bytes);
  if (status.IsNotFound()) return 0;
  check(status, "read an offset");
  return byte_reader(bytes).zigzag();
}

// -- writing
// ---------------------------------------------------------------------------------------------------------

void local_log::append(const std::string& name, std::int32_t partition,
                       const std::vector<new_record>& records, std::int64_t time) {
  if (records.empty()) return;
  std::lock_guard writing(write_mutex_);
  runs chunks;
  {
    std::lock_guard lock(mutex_);
    auto& t = topic(name);
    auto chunk = std::make_shared<record_chunk>();
    auto offset = t.partitions.at(static_cast<std::size_t>(partition)).end;
    for (const auto& r : records) chunk->add(offset++, time, r.key, r.value);
    chunks[{name, partition}] = {&t, partition, std::move(chunk)};
  }
  rocksdb::WriteBatch batch;
  for (const auto& [_, p] : chunks) put_chunk(p, batch);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  check(db_.db().Write(synced, &batch), "append to " + name);
  publish(chunks);
}

void local_log::place(const outbox& box, std::int64_t time, runs& into) {
  std::lock_guard lock(mutex_);
  for (const auto& r : box.records()) {
    const auto name = topic_of(r);
    auto& t = make_topic(name, 1);
    const auto partition = partition_of(box, r, static_cast<std::int32_t>(t.partitions.size()));
    auto& p = into[{name, partition}];
    if (!p.chunk) p = {&t, partition, std::make_shared<record_chunk>()};
    const auto offset =
        t.partitions[static_cast<std::size_t>(partition)].end + std::int64_t(p.chunk->entries.size());
    p.chunk->add(offset, time, box.key(r), box.value(r));
  }
}

void local_log::put_chunk(const placed& p, rocksdb::WriteBatch& batch) {
  batch.Put(records_, run_key(p.topic->id, p.partition, p.chunk->entries.back().offset),
            encode_run(*p.chunk));
}

void local_log::put_epoch(const epoch& e, rocksdb::WriteBatch& batch) {
  for (const auto& part : e.tasks) {
    auto* family = db_.family(to_string(part.task));
    for (const auto& change : part.changes) {
      if (change.value)
        batch.Put(family, slice(change.key), slice(*change.value));
      else
        batch.Delete(family, slice(change.key));
    }
    std::string bytes;
    byte_writer(bytes).zigzag(part.next);
    batch.Put(meta_, offset_key(part.task), bytes);
  }
}

void local_log::publish(const runs& chunks) {
  std::lock_guard lock(mutex_);
  for (const auto& [_, p] : chunks)
    p.topic->partitions[static_cast<std::size_t>(p.partition)].end = p.chunk->entries.back().offset + 1;
  ++version_;
  more_.notify_all();
}

/// One synced write for all lanes whose epochs wait.
void local_log::write(const std::vector<member*>& ready) {
  std::lock_guard writing(write_mutex_);
  rocksdb::WriteBatch batch;
  runs chunks;
  for (auto* m : ready) {
    place(m->flight_->outputs, wall_now(), chunks);
    put_epoch(*m->flight_, batch);
  }
  for (const auto& [_, p] : chunks) put_chunk(p, batch);
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const auto status = db_.db().Write(synced, &batch);
  if (status.ok()) publish(chunks);
  std::lock_guard lock(mutex_);
  for (auto* m : ready) {
    if (status.ok() && told_) told_(*m->flight_);
    m->outcome_ = status.ok() ? outcome::committed : outcome::rejected;
    if (status.ok()) m->done_ = std::move(m->flight_);
    m->flight_.reset();
  }
  idle_.notify_all();
}

void local_log::run_commits() {
  while (true) {
    std::vector<member*> ready;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      ready.assign(waiting_.begin(), waiting_.end());
      waiting_.clear();
    }
    write(ready);
  }
}

void local_log::drop_before(const std::string& name, std::int64_t before) {
  for (std::int32_t p = 0; p < partitions(name); ++p) {
    std::int64_t keep = 0;
    read_runs(name, p, 0, [&](const std::shared_ptr<record_chunk>& chunk) {
      if (chunk->entries.back().time >= before) return false;
      keep = chunk->entries.back().offset + 1;
      return true;
    });
    std::uint32_t id;
    {
      std::lock_guard lock(mutex_);
      auto& part = topic(name).partitions[static_cast<std::size_t>(p)];
      id = topic(name).id;
      keep = std::min(keep, part.end - 1);  // the last run says where the partition ends
    }
    if (keep > 0)
      check(db_.db().DeleteRange({}, records_, run_key(id, p, 0), run_key(id, p, keep)),
            "drop old records of " + name);
  }
}

// -- group
// -----------------------------------------------------------------------------------------------------------

std::unique_ptr<log_member> local_log::join(std::size_t lane, std::size_t count) {
  std::lock_guard lock(mutex_);
  std::vector<task_id> tasks;
  for (const auto& [of, name] : inputs_) {
    const auto all = topics_[name].partitions.size();
    for (std::size_t p = 0; p < all; ++p)
      if (p * count / all == lane) tasks.push_back({of, name, static_cast<std::int32_t>(p)});
  }
  return std::make_unique<member>(*this, std::move(tasks));
}

}  // namespace weir
