#include "state/log/local_log.hpp"

#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "state/log/local_member.hpp"
#include "state/log/record_run.hpp"
#include "state/log/topic_of.hpp"

namespace weir {

namespace {

constexpr std::string_view topic_key_prefix = "topic|";

rocksdb::Slice slice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(const rocksdb::Slice& s) { return {s.data(), s.size()}; }

rocksdb::WriteOptions synced() {
  rocksdb::WriteOptions o;
  o.sync = true;
  return o;
}

std::string offset_key(const task_id& task) { return "offset|" + to_string(task); }
std::string topic_key(const std::string& topic) { return std::string(topic_key_prefix) + topic; }

std::int32_t partition_of(const outbox& box, const outbox::record& r, std::size_t count) {
  if (r.partition >= 0) return r.partition % static_cast<std::int32_t>(count);
  return static_cast<std::int32_t>(hash64(box.key(r)) % count);
}

/// What commits wrote: the lane's own writes into its copy would be the same once more.
class committed_store : public task_store {
 public:
  explicit committed_store(std::shared_ptr<task_store> of) : of_(std::move(of)) {}
  std::optional<std::string> get(std::string_view key) override { return of_->get(key); }
  void scan(std::string_view from,
            const std::function<bool(std::string_view, std::string_view)>& visit) override {
    of_->scan(from, visit);
  }
  void apply(const std::vector<state_change>&) override {}
  std::int64_t position() override { return 0; }
  std::int64_t time() override { return 0; }
  void set_position(std::int64_t, std::int64_t) override {}
  void clear() override { of_->clear(); }

 private:
  std::shared_ptr<task_store> of_;
};

}  // namespace

local_log::local_log(const std::filesystem::path& dir, rocks_db::options o, retention keep)
    : db_(dir, o),
      records_(db_.family(std::string(rocks_db::appended_family))),
      latest_(db_.family("log.latest")),
      meta_(db_.family("log.meta")),
      keep_(keep) {
  load_topics();
  load_ends();
  if (!o.read_only) committer_ = std::jthread([this] { run_commits(); });
}

local_log::~local_log() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    work_.notify_all();
  }
  if (committer_.joinable()) committer_.join();
}

// -- topics

void local_log::load_topics() {
  const std::unique_ptr<rocksdb::Iterator> i(db_.db().NewIterator({}, meta_));
  for (i->Seek(slice(topic_key_prefix)); i->Valid() && view(i->key()).starts_with(topic_key_prefix);
       i->Next()) {
    byte_reader in(view(i->value()));
    auto& t = topics_[std::string(view(i->key()).substr(topic_key_prefix.size()))];
    t.id = static_cast<std::uint32_t>(in.varint());
    t.ends.resize(in.varint());
    t.how = in.boolean() ? cleanup::compact : cleanup::by_age;
  }
  check(i->status(), "read the log's topics");
}

void local_log::load_ends() {
  const std::unique_ptr<rocksdb::Iterator> last(db_.db().NewIterator({}, records_));
  for (auto& [_, t] : topics_) {
    for (std::size_t p = 0; p < t.ends.size(); ++p) {
      const auto partition = static_cast<std::int32_t>(p);
      last->SeekForPrev(run_key(t.id, partition, std::numeric_limits<std::int64_t>::max()));
      if (last->Valid() && last->key().starts_with(run_prefix(t.id, partition)))
        t.ends[p] = last_offset(view(last->key())) + 1;
    }
  }
  check(last->status(), "read the log's ends");
}

void local_log::create_topic(const std::string& name, std::int32_t count, cleanup how) {
  std::lock_guard lock(mutex_);
  auto& t = topics_[name];
  if (t.ends.empty()) {
    t.id = static_cast<std::uint32_t>(topics_.size());
    t.ends.resize(static_cast<std::size_t>(count));
    t.how = how;
    std::string bytes;
    byte_writer out(bytes);
    out.varint(t.id);
    out.varint(t.ends.size());
    out.boolean(how == cleanup::compact);
    check(db_.db().Put(synced(), meta_, topic_key(name), bytes), "make topic " + name);
  }
  if (t.ends.size() != static_cast<std::size_t>(count))
    throw std::runtime_error("topic " + name + " has " + std::to_string(t.ends.size()) +
                             " partitions, expected " + std::to_string(count) +
                             ": partition counts cannot be changed");
}

std::vector<std::string> local_log::topics() {
  std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, _] : topics_) names.push_back(name);
  return names;
}

bool local_log::compacted(const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto found = topics_.find(name);
  return found != topics_.end() && found->second.how == cleanup::compact;
}

std::int32_t local_log::partitions(const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? 0 : static_cast<std::int32_t>(found->second.ends.size());
}

void local_log::add_input(stage of, const std::string& name) {
  std::lock_guard lock(mutex_);
  inputs_.emplace_back(of, name);
}

void local_log::end_topic(const std::string& name) {
  std::lock_guard lock(mutex_);
  topic(name).ended = true;
  ++version_;
  more_.notify_all();
}

local_log::topic_log& local_log::topic(const std::string& name) {
  const auto found = topics_.find(name);
  if (found == topics_.end()) throw std::runtime_error("there is no topic " + name);
  return found->second;
}

std::int64_t local_log::end_of(const std::string& name, std::int32_t partition) {
  std::lock_guard lock(mutex_);
  return topic(name).ends.at(static_cast<std::size_t>(partition));
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

void local_log::read_runs(const std::string& name, std::int32_t partition, std::int64_t from,
                          const std::function<bool(std::shared_ptr<record_chunk>)>& visit) {
  std::uint32_t id;
  std::int64_t end;
  {
    std::lock_guard lock(mutex_);
    const auto& t = topic(name);
    id = t.id;
    end = t.ends.at(static_cast<std::size_t>(partition));
  }
  const auto prefix = run_prefix(id, partition);
  const std::unique_ptr<rocksdb::Iterator> i(db_.db().NewIterator({}, records_));
  for (i->Seek(run_key(id, partition, from)); i->Valid() && i->key().starts_with(prefix); i->Next()) {
    auto chunk = decode_run(view(i->value()));
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

std::int64_t local_log::start_of(const std::string& name, std::int32_t partition) {
  auto start = end_of(name, partition);
  read_runs(name, partition, 0, [&](const std::shared_ptr<record_chunk>& chunk) {
    start = chunk->entries.front().offset;
    return false;
  });
  return start;
}

void local_log::read_latest(const std::string& name, std::int32_t partition, std::string_view prefix,
                            const visitor& visit) {
  std::string head;
  {
    std::lock_guard lock(mutex_);
    head = run_prefix(topic(name).id, partition);
  }
  const auto key_at = head.size();
  head += prefix;
  const std::unique_ptr<rocksdb::Iterator> i(db_.db().NewIterator({}, latest_));
  for (i->Seek(head); i->Valid() && i->key().starts_with(head); i->Next()) {
    byte_reader in(view(i->value()));
    const auto offset = in.zigzag();
    const auto time = in.zigzag();
    if (!visit(offset, time, view(i->key()).substr(key_at), in.bytes(in.left()))) break;
  }
  check(i->status(), "read topic " + name);
}

std::int64_t local_log::committed(const task_id& task) {
  std::string bytes;
  const auto status = db_.db().Get({}, meta_, offset_key(task), &bytes);
  if (status.IsNotFound()) return 0;
  check(status, "read an offset");
  return byte_reader(bytes).zigzag();
}

std::shared_ptr<task_store> local_log::store(const task_id& task) {
  return std::make_shared<committed_store>(db_.open(task));
}

// -- writing

/// The run that a commit or append makes in a partition. Under the mutex.
local_log::placed& local_log::run_of(const std::string& name, std::int32_t partition, runs& into) {
  auto& p = into[{name, partition}];
  if (!p.chunk) p = {&topic(name), partition, std::make_shared<record_chunk>()};
  return p;
}

void local_log::append(const std::string& name, std::span<const new_record> records) {
  if (records.empty()) return;
  std::lock_guard writing(write_mutex_);
  runs chunks;
  {
    std::lock_guard lock(mutex_);
    for (const auto& r : records) {
      auto& p = run_of(name, r.partition, chunks);
      const auto begin = p.topic->ends.at(static_cast<std::size_t>(r.partition));
      p.chunk->add(begin + std::int64_t(p.chunk->entries.size()), r.time, r.key, r.value);
    }
  }
  rocksdb::WriteBatch batch;
  for (const auto& [_, p] : chunks) put_chunk(p, batch);
  check(db_.db().Write(synced(), &batch), "append to " + name);
  publish(chunks);
}

void local_log::place(const outbox& box, std::int64_t time, runs& into) {
  std::lock_guard lock(mutex_);
  for (const auto& r : box.records()) {
    const auto name = topic_of(r);
    const auto& ends = topic(name).ends;
    const auto partition = partition_of(box, r, ends.size());
    auto& p = run_of(name, partition, into);
    p.chunk->add(ends[static_cast<std::size_t>(partition)] + std::int64_t(p.chunk->entries.size()), time,
                 box.key(r), box.value(r));
  }
}

void local_log::put_chunk(const placed& p, rocksdb::WriteBatch& batch) {
  batch.Put(records_, run_key(p.topic->id, p.partition, p.chunk->entries.back().offset),
            encode_run(*p.chunk));
  if (p.topic->how != cleanup::compact) return;
  const auto head = run_prefix(p.topic->id, p.partition);
  std::string key, value;
  for (const auto& e : p.chunk->entries) {
    key.assign(head).append(p.chunk->key(e));
    if (e.value_size == 0) {  // the key's end
      batch.Delete(latest_, key);
      continue;
    }
    value.clear();
    byte_writer out(value);
    out.zigzag(e.offset);
    out.zigzag(e.time);
    value += p.chunk->value(e);
    batch.Put(latest_, key, value);
  }
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
    p.topic->ends[static_cast<std::size_t>(p.partition)] = p.chunk->entries.back().offset + 1;
  ++version_;
  more_.notify_all();
}

/// One synced write for all lanes whose epochs wait.
rocksdb::Status local_log::write_batch(const std::vector<local_member*>& ready) {
  std::lock_guard writing(write_mutex_);
  rocksdb::WriteBatch batch;
  runs chunks;
  for (auto* m : ready) {
    place(m->flight_->outputs, wall_now(), chunks);
    put_epoch(*m->flight_, batch);
  }
  for (const auto& [_, p] : chunks) put_chunk(p, batch);
  const auto status = db_.db().Write(synced(), &batch);
  if (status.ok()) publish(chunks);
  return status;
}

void local_log::write(const std::vector<local_member*>& ready) {
  std::string fault;
  try {
    const auto status = write_batch(ready);
    if (!status.ok()) fault = "cannot write to the log: " + status.ToString();
  } catch (const std::exception& x) {
    fault = x.what();
  }
  std::function<void(const epoch&)> told;
  {
    std::lock_guard lock(mutex_);
    told = told_;
  }
  if (told && fault.empty())
    for (const auto* m : ready) told(*m->flight_);
  std::lock_guard lock(mutex_);
  for (auto* m : ready) {
    if (fault.empty())
      for (const auto& part : m->flight_->tasks) redo_from_[part.task] = part.redo_from;
    m->settle(fault);
  }
  idle_.notify_all();
}

void local_log::run_commits() {
  constexpr std::chrono::seconds clean_up_interval(10);
  auto cleaned = std::chrono::steady_clock::now();
  while (true) {
    std::vector<local_member*> ready;
    {
      std::unique_lock lock(mutex_);
      work_.wait_for(lock, clean_up_interval, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_ && waiting_.empty()) return;
      ready.assign(waiting_.begin(), waiting_.end());
      waiting_.clear();
    }
    if (!ready.empty()) write(ready);
    if (std::chrono::steady_clock::now() - cleaned < clean_up_interval) continue;
    drop_old(wall_now());
    cleaned = std::chrono::steady_clock::now();
  }
}

// -- group

std::unique_ptr<log_member> local_log::join(std::size_t lane, std::size_t count) {
  std::lock_guard lock(mutex_);
  std::vector<task_id> tasks;
  for (const auto& [of, name] : inputs_) {
    const auto all = topic(name).ends.size();
    for (std::size_t p = 0; p < all; ++p)
      if (p * count / all == lane) tasks.push_back({of, name, static_cast<std::int32_t>(p)});
  }
  return std::make_unique<local_member>(*this, std::move(tasks));
}

}  // namespace weir
