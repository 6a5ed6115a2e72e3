#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "state/log/memory_log.hpp"

namespace weir {

/// A lane's way to the memory log. Lives shorter than the log; used by the lane's thread, but where the log
/// itself assigns tasks or lands an epoch, under its mutex.
class memory_log::member : public log_member {
 public:
  member(memory_log& log, std::string name) : log_(log), name_(std::move(name)) {}
  ~member() override {
    std::lock_guard lock(log_.mutex_);
    log_.members_.erase(name_);
    log_.rebalance();
  }

  std::vector<task_id> assignment() override {
    std::lock_guard lock(log_.mutex_);
    changed_ = false;
    generation_ = log_.generation_;
    tasks_ = assigned_;
    positions_.assign(tasks_.size(), 0);
    paused_.assign(tasks_.size(), false);
    return tasks_;
  }
  bool assignment_changed() override {
    std::lock_guard lock(log_.mutex_);
    return changed_;
  }

  bool revoking() override {
    std::lock_guard lock(log_.mutex_);
    return asked_;
  }
  void release() override {
    std::lock_guard lock(log_.mutex_);
    asked_ = false;
    assigned_.clear();
    changed_ = true;
    log_.assign_if_released();
  }

  bool leave() override {
    std::lock_guard lock(log_.mutex_);
    leaving_ = true;
    log_.rebalance();
    return true;
  }

  void fence() override {
    std::lock_guard lock(log_.mutex_);
    if (flight_) log_.doubts_[name_] = {std::move(flight_), false};
    outcome_.reset();
    // Offsets are read stable: whoever takes over waits until what others left open is decided, too.
    for (auto& [_, open] : log_.doubts_)
      if (open.takes_effect) log_.apply(*open.e);
    log_.doubts_.clear();
  }

  std::int64_t committed(const task_id& task) override { return log_.committed(task); }

  changelog_reader changelogs() override {
    return [&log = log_](const task_id& task, std::int64_t from, const auto& apply) {
      std::lock_guard lock(log.mutex_);
      const auto found = log.changelogs_.find(task);
      if (found == log.changelogs_.end()) return from;
      for (const auto& r : found->second.records)
        if (r.offset >= from) apply(r.change, r.time);
      return found->second.end;
    };
  }

  void seek(std::size_t task, std::int64_t offset) override {
    positions_[task] = offset;
    paused_[task] = false;
  }
  void pause(std::size_t task, bool on) override { paused_[task] = on; }

  void poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) override {
    std::unique_lock lock(log_.mutex_);
    poll_once(lock, max_records, out);
    if (!out.empty() || wait_ms == 0) return;
    const auto seen = log_.version_;
    log_.more_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return log_.version_ != seen; });
    poll_once(lock, max_records, out);
  }

  partition_end end_of(std::size_t task) override {
    std::lock_guard lock(log_.mutex_);
    const auto& p = log_.partition(tasks_[task].topic, tasks_[task].partition);
    return {p.end, p.ended};
  }

  void commit(std::unique_ptr<epoch> e) override {
    std::lock_guard lock(log_.mutex_);
    flight_ = std::move(e);
    if (!log_.options_.manual_commits) land_locked(fate::committed);
  }

  std::optional<outcome> landed() override {
    std::lock_guard lock(log_.mutex_);
    return std::exchange(outcome_, std::nullopt);
  }
  std::unique_ptr<epoch> take_landed() override {
    std::lock_guard lock(log_.mutex_);
    return std::move(done_);
  }

  /// Under the log's lock.
  void land_locked(fate how) {
    auto e = std::move(flight_);
    // Fenced: what was made under an earlier assignment may have been made by another member since.
    if (how == fate::committed && generation_ != log_.generation_) how = fate::rejected;
    switch (how) {
      case fate::committed:
        log_.apply(*e);
        outcome_ = outcome::committed;
        done_ = std::move(e);
        break;
      case fate::rejected:
        outcome_ = outcome::rejected;
        break;
      default:
        outcome_ = outcome::unknown;
        log_.doubts_[name_] = {std::move(e),
                               how == fate::unknown_committed && generation_ == log_.generation_};
    }
  }

  memory_log& log_;
  std::string name_;
  std::vector<task_id> assigned_, tasks_;
  std::vector<std::int64_t> positions_;
  std::vector<bool> paused_;
  bool changed_ = true;
  bool leaving_ = false;
  bool asked_ = false;  // for its tasks
  std::uint64_t generation_ = 0;
  std::unique_ptr<epoch> flight_, done_;
  std::optional<outcome> outcome_;

 private:
  void poll_once(std::unique_lock<std::mutex>& lock, std::size_t max_records, std::vector<fetched>& out) {
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      if (paused_[i]) continue;
      auto& p = log_.partition(tasks_[i].topic, tasks_[i].partition);
      while (positions_[i] >= p.end && log_.pull(lock, p)) {
      }
      if (positions_[i] >= p.end) continue;
      if (positions_[i] < p.start)
        throw std::runtime_error("offset " + std::to_string(positions_[i]) + " of " + to_string(tasks_[i]) +
                                 " is no longer in the log");
      fetch(i, p, max_records, out);
    }
  }

  void fetch(std::size_t task, partition_log& p, std::size_t max_records, std::vector<fetched>& out) {
    auto& position = positions_[task];
    auto chunk =
        std::upper_bound(p.chunks.begin(), p.chunks.end(), position,
                         [](std::int64_t at, const auto& c) { return at < c->entries.front().offset; });
    if (chunk != p.chunks.begin()) --chunk;
    for (; chunk != p.chunks.end() && max_records > 0; ++chunk) {
      const auto& entries = (*chunk)->entries;
      const auto first = std::lower_bound(entries.begin(), entries.end(), position,
                                          [](const auto& e, std::int64_t at) { return e.offset < at; });
      const auto at = static_cast<std::size_t>(first - entries.begin());
      const auto count = std::min(max_records, entries.size() - at);
      if (count == 0) continue;
      out.push_back({task, *chunk, at, count});
      position = entries[at + count - 1].offset + 1;
      max_records -= count;
    }
  }
};

}  // namespace weir
