#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "state/checkpoint/task_state.hpp"

namespace weir {

/// Deadlines of a task's keys: a heap with at most one lazy entry a key, so that a session which is touched a
/// thousand times costs no more than one timer. `Deadline` is the entry's own deadline, `Queued` what the
/// heap holds for it.
template <std::int64_t table_entry::*Deadline, std::int64_t table_entry::*Queued>
class deadlines {
 public:
  explicit deadlines(task_state& owner) : owner_(owner) {}

  /// The key's deadline may have changed.
  void schedule(table_entry& e) {
    if (e.*Deadline >= e.*Queued || e.*Deadline >= never) return;
    e.*Queued = e.*Deadline;
    ++e.holds;
    heap_.emplace_back(e.*Deadline, &e);
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  /// Takes the key with the lowest deadline at or below the clock; nothing when none is due.
  table_entry* take_due(std::int64_t clock) {
    while (!heap_.empty() && heap_.front().first <= clock) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      const auto [at, e] = heap_.back();
      heap_.pop_back();
      const bool served = e->*Queued != at;  // a lower one was queued, and came first
      if (!served) e->*Queued = table_entry::unset;
      const bool due = !served && e->*Deadline <= clock;
      if (!served && !due) schedule(*e);
      owner_.release(*e);
      if (due) return e;
    }
    return nullptr;
  }

  /// The lowest deadline at or below the clock, which may be a lazy one; `table_entry::unset` when none is
  /// due.
  std::int64_t lowest(std::int64_t clock) const {
    return heap_.empty() || heap_.front().first > clock ? table_entry::unset : heap_.front().first;
  }

 private:
  static constexpr std::int64_t never = std::int64_t{1} << 60;
  using item = std::pair<std::int64_t, table_entry*>;
  static bool later(const item& a, const item& b) { return a.first > b.first; }
  task_state& owner_;
  std::vector<item> heap_;
};

}  // namespace weir
