#include "state/log/memory_log.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "state/log/memory_member.hpp"
#include "state/log/topic_of.hpp"

namespace weir {

memory_log::memory_log(options o) : options_(o), now_([] { return std::int64_t{0}; }) {}
memory_log::~memory_log() = default;

// -- topics
// ----------------------------------------------------------------------------------------------------------

void memory_log::create_topic(const std::string& topic, std::int32_t partitions) {
  std::lock_guard lock(mutex_);
  topics_[topic].partitions.resize(static_cast<std::size_t>(partitions));
}

void memory_log::add_input(stage of, const std::string& topic) {
  std::lock_guard lock(mutex_);
  inputs_.emplace_back(of, topic);
}

memory_log::partition_log& memory_log::partition(const std::string& topic, std::int32_t number) {
  const auto found = topics_.find(topic);
  if (found == topics_.end() || number < 0 ||
      static_cast<std::size_t>(number) >= found->second.partitions.size())
    throw std::out_of_range("no partition " + topic + '/' + std::to_string(number));
  return found->second.partitions[static_cast<std::size_t>(number)];
}

void memory_log::push(partition_log& p, std::shared_ptr<const record_chunk> chunk) {
  if (chunk->entries.empty()) return;
  p.end = chunk->entries.back().offset + 1;
  p.chunks.push_back(std::move(chunk));
  ++version_;
  more_.notify_all();
}

void memory_log::append(const std::string& topic, std::int32_t number, std::string_view key,
                        std::string_view value, std::int64_t time) {
  std::lock_guard lock(mutex_);
  auto& p = partition(topic, number);
  auto chunk = std::make_shared<record_chunk>();
  chunk->add(p.end, time, key, value);
  push(p, std::move(chunk));
}

void memory_log::append(const std::string& topic, std::int32_t number,
                        std::shared_ptr<const record_chunk> run) {
  std::lock_guard lock(mutex_);
  push(partition(topic, number), std::move(run));
}

void memory_log::set_source(const std::string& topic, std::int32_t number,
                            std::function<std::shared_ptr<const record_chunk>()> next) {
  std::lock_guard lock(mutex_);
  partition(topic, number).source = std::move(next);
}

bool memory_log::pull(std::unique_lock<std::mutex>& lock, partition_log& p) {
  if (!p.source || p.ended) return false;
  auto source = std::move(p.source);
  lock.unlock();
  auto chunk = source();
  lock.lock();
  p.source = std::move(source);
  if (!chunk) {
    p.ended = true;
    ++version_;
    more_.notify_all();
    return false;
  }
  push(p, std::move(chunk));
  return true;
}

void memory_log::end_topic(const std::string& topic) {
  std::lock_guard lock(mutex_);
  for (auto& p : topics_[topic].partitions) p.ended = true;
  ++version_;
  more_.notify_all();
}

void memory_log::set_sink(output topic, sink to) {
  std::lock_guard lock(mutex_);
  sinks_[topic] = std::move(to);
}

std::int64_t memory_log::start_of(const std::string& topic, std::int32_t number) {
  std::lock_guard lock(mutex_);
  return partition(topic, number).start;
}

std::int64_t memory_log::end_of(const std::string& topic, std::int32_t number) {
  std::lock_guard lock(mutex_);
  return partition(topic, number).end;
}

bool memory_log::has_topic(const std::string& topic) {
  std::lock_guard lock(mutex_);
  return topics_.contains(topic);
}

std::int32_t memory_log::partitions(const std::string& topic) {
  std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  return found == topics_.end() ? 0 : static_cast<std::int32_t>(found->second.partitions.size());
}

void memory_log::read_all(const std::string& topic, std::int32_t number,
                          const std::function<void(std::string_view, std::string_view)>& visit) {
  std::lock_guard lock(mutex_);
  for (const auto& chunk : partition(topic, number).chunks)
    for (const auto& e : chunk->entries) visit(chunk->key(e), chunk->value(e));
}

std::uint64_t memory_log::version() {
  std::lock_guard lock(mutex_);
  return version_;
}

void memory_log::set_clock(std::function<std::int64_t()> now) {
  std::lock_guard lock(mutex_);
  now_ = std::move(now);
}

// -- commits
// ---------------------------------------------------------------------------------------------------------

std::int64_t memory_log::committed(const task_id& task) {
  std::lock_guard lock(mutex_);
  const auto found = offsets_.find(task);
  return found == offsets_.end() ? 0 : found->second;
}

bool memory_log::is_input(const std::string& topic) const {
  return std::any_of(inputs_.begin(), inputs_.end(), [&](const auto& in) { return in.second == topic; });
}

void memory_log::apply_outputs(const outbox& box) {
  std::map<std::pair<std::string, std::int32_t>, std::shared_ptr<record_chunk>> chunks;
  const auto time = now_();
  for (const auto& r : box.records()) {
    const auto topic = topic_of(r);
    if (const auto to = sinks_.find(r.topic); to != sinks_.end()) {
      to->second(box, r);
      if (!is_input(topic)) continue;
    }
    auto& log = topics_[topic];
    if (log.partitions.empty()) log.partitions.resize(1);
    const auto count = static_cast<std::int32_t>(log.partitions.size());
    const auto number = r.partition >= 0
                            ? r.partition % count
                            : static_cast<std::int32_t>(hash64(box.key(r)) % static_cast<unsigned>(count));
    auto& chunk = chunks[{topic, number}];
    if (!chunk) chunk = std::make_shared<record_chunk>();
    const auto base = log.partitions[static_cast<std::size_t>(number)].end;
    chunk->add(base + static_cast<std::int64_t>(chunk->entries.size()), time, box.key(r), box.value(r));
  }
  for (auto& [where, chunk] : chunks) push(partition(where.first, where.second), std::move(chunk));
}

void memory_log::apply(epoch& e) {
  apply_outputs(e.outputs);
  const auto time = now_();
  for (auto& part : e.tasks) {
    if (options_.changelogs) {
      auto& log = changelogs_[part.task];
      for (const auto& change : part.changes) log.records.push_back({log.end++, time, change});
      part.changelog_end = log.end;
    }
    offsets_[part.task] = part.next;
    if (options_.trim_inputs) trim(part);
  }
}

void memory_log::lose_changes(const task_id& task, std::size_t count) {
  std::lock_guard lock(mutex_);
  auto& log = changelogs_[task];
  for (; count > 0 && !log.records.empty(); --count) log.records.pop_back();
}

void memory_log::trim(const task_commit& part) {
  auto& p = partition(part.task.topic, part.task.partition);
  while (!p.chunks.empty() && p.chunks.front()->entries.back().offset < part.redo_from) {
    p.start = p.chunks.front()->entries.back().offset + 1;
    p.chunks.pop_front();
  }
}

// -- group
// -----------------------------------------------------------------------------------------------------------

std::unique_ptr<log_member> memory_log::join(const std::string& name) {
  auto joined = std::make_unique<member>(*this, name);
  std::lock_guard lock(mutex_);
  members_[name] = joined.get();
  rebalance();
  return joined;
}

void memory_log::set_graceful(bool on) {
  std::lock_guard lock(mutex_);
  graceful_ = on;
}

/// Members that have tasks are asked for them, or lose them.
void memory_log::rebalance() {
  rebalancing_ = graceful_;
  if (!graceful_) return reassign();
  for (auto& [_, m] : members_) m->asked_ = !m->changed_ && !m->tasks_.empty();
  assign_if_released();
}

void memory_log::assign_if_released() {
  const auto holds = [](const auto& m) { return m.second->asked_; };
  if (rebalancing_ && std::none_of(members_.begin(), members_.end(), holds)) reassign();
}

/// Eager range assignment: each topic's partitions in runs over the members in order of their names.
void memory_log::reassign() {
  ++generation_;
  rebalancing_ = false;
  for (auto& [_, m] : members_) m->assigned_.clear(), m->changed_ = true, m->asked_ = false;
  ++version_;
  more_.notify_all();
  std::vector<member*> all;
  for (auto& [_, m] : members_)
    if (!m->leaving_) all.push_back(m);
  if (all.empty()) return;
  for (const auto& [of, topic] : inputs_) {
    const auto count = topics_[topic].partitions.size();
    for (std::size_t p = 0; p < count; ++p) {
      auto* m = all[p * all.size() / count];
      m->assigned_.push_back({of, topic, static_cast<std::int32_t>(p)});
    }
  }
}

// -- faults
// ----------------------------------------------------------------------------------------------------------

bool memory_log::land(const std::string& name, fate how) {
  std::lock_guard lock(mutex_);
  const auto found = members_.find(name);
  if (found == members_.end() || !found->second->flight_) return false;
  found->second->land_locked(how);
  return true;
}

bool memory_log::in_flight(const std::string& name) {
  std::lock_guard lock(mutex_);
  const auto found = members_.find(name);
  return found != members_.end() && found->second->flight_ != nullptr;
}

void memory_log::compact(std::int64_t now, std::int64_t retention) {
  std::lock_guard lock(mutex_);
  for (auto& [_, log] : changelogs_) {
    std::map<std::string, std::int64_t> last;
    for (const auto& r : log.records) last[r.change.key] = r.offset;
    std::erase_if(log.records, [&](const changelog_record& r) {
      return r.offset != last[r.change.key] || (!r.change.value && now - r.time >= retention);
    });
  }
}

}  // namespace weir
