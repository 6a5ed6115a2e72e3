#include "state/log/local_member.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace weir {

local_member::local_member(local_log& log, std::vector<task_id> tasks)
    : log_(log),
      tasks_(std::move(tasks)),
      positions_(tasks_.size(), 0),
      paused_(tasks_.size(), false),
      runs_(tasks_.size()) {}

local_member::~local_member() { wait(); }

std::vector<task_id> local_member::assignment() {
  fresh_ = false;
  return tasks_;
}

void local_member::wait() {
  std::unique_lock lock(log_.mutex_);
  log_.idle_.wait(lock, [this] { return flight_ == nullptr; });
}

void local_member::fence() {
  wait();
  outcome_.reset();
  done_.reset();
}

// -- reading

void local_member::seek(std::size_t task, std::int64_t offset) {
  const auto& id = tasks_[task];
  const auto start = log_.start_of(id.topic, id.partition);
  if (offset < start)
    throw std::runtime_error(to_string(id) + ": the log begins at offset " + std::to_string(start) +
                             ", but the task must read from " + std::to_string(offset));
  positions_[task] = offset;
  paused_[task] = false;
}

void local_member::poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) {
  if (max_records > 0) fetch_all(max_records, out);
  if (!out.empty() || wait_ms == 0) return;
  {
    std::unique_lock lock(log_.mutex_);
    const auto seen = log_.version_;
    log_.more_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return log_.version_ != seen; });
  }
  if (max_records > 0) fetch_all(max_records, out);
}

void local_member::fetch_all(std::size_t max_records, std::vector<fetched>& out) {
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    if (!paused_[i] && positions_[i] < end_of(i).high_watermark) fetch(i, max_records, out);
}

/// Records from the run in hand on, as far as they are wanted.
void local_member::fetch(std::size_t task, std::size_t max_records, std::vector<fetched>& out) {
  const auto& run = runs_[task];
  const auto position = positions_[task];
  if (run && run->entries.front().offset <= position && position <= run->entries.back().offset)
    max_records -= take(task, max_records, out);
  if (max_records == 0) return;
  const auto& id = tasks_[task];
  log_.read_runs(id.topic, id.partition, positions_[task], [&](std::shared_ptr<record_chunk> next) {
    runs_[task] = std::move(next);
    max_records -= take(task, max_records, out);
    return max_records > 0;
  });
}

std::size_t local_member::take(std::size_t task, std::size_t max_records, std::vector<fetched>& out) {
  const auto& run = runs_[task];
  const auto first = run->entries.front().offset;
  const auto skip = static_cast<std::size_t>(std::max<std::int64_t>(0, positions_[task] - first));
  const auto count = std::min(max_records, run->entries.size() - skip);
  positions_[task] = first + static_cast<std::int64_t>(skip + count);
  out.push_back({task, run, skip, count});
  return count;
}

partition_end local_member::end_of(std::size_t task) {
  std::lock_guard lock(log_.mutex_);
  const auto& t = log_.topic(tasks_[task].topic);
  return {t.ends[static_cast<std::size_t>(tasks_[task].partition)], t.ended};
}

// -- commits

void local_member::commit(std::unique_ptr<epoch> e) {
  std::lock_guard lock(log_.mutex_);
  flight_ = std::move(e);
  log_.waiting_.push_back(this);
  log_.work_.notify_one();
}

std::optional<outcome> local_member::landed() {
  std::lock_guard lock(log_.mutex_);
  if (!fault_.empty()) throw std::runtime_error(fault_);
  return std::exchange(outcome_, std::nullopt);
}

void local_member::settle(const std::string& fault) {
  fault_ = fault;
  outcome_ = fault.empty() ? outcome::committed : outcome::rejected;
  if (fault.empty()) done_ = std::move(flight_);
  flight_.reset();
}

std::unique_ptr<epoch> local_member::take_landed() {
  std::lock_guard lock(log_.mutex_);
  return std::move(done_);
}

}  // namespace weir
