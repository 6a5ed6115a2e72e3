#include "tools/bench/limit_sessions.hpp"

#include <algorithm>
#include <functional>

#include "pipeline/kpi/contribution.hpp"

namespace weir::bench {

limit_session& limit_sessions::at(std::string_view site, std::string_view session_id) {
  key_.assign(site).append("|").append(session_id);
  auto& slot = table_[hash_of(key_)];
  if (slot) return *slot;
  if (free_.empty()) free_.push_back(&pool_.emplace_back());
  slot = free_.back();
  free_.pop_back();
  slot->name = key_;
  slot->bar = site.size();
  return *slot;
}

limit_sessions::windows limit_sessions::open_windows(const limit_session& s) {
  windows all;
  for (const auto& one : s.state.sessions)
    if (!one.closed) all.push_back(window_of(one.first));
  return all;
}

void limit_sessions::count(const windows& before, const windows& after) {
  if (before == after) return;
  for (const auto w : after) ++open_[w];
  for (const auto w : before)
    if (--open_[w] == 0) open_.erase(w);
}

std::size_t limit_sessions::open() const {
  std::size_t all = 0;
  for (const auto& [window, count] : open_) all += static_cast<std::size_t>(count);
  return all;
}

/// A queued time at or below the deadline is enough: what comes up early is queued again.
void limit_sessions::schedule(limit_session& s) {
  const auto at = deadline(s);
  if (at >= s.timer || at >= unlimited) return;
  s.timer = at;
  timers_.emplace_back(at, &s);
  std::push_heap(timers_.begin(), timers_.end(), std::greater{});
}

limit_session* limit_sessions::due(std::int64_t clock) {
  while (!timers_.empty() && timers_.front().first <= clock) {
    std::pop_heap(timers_.begin(), timers_.end(), std::greater{});
    const auto [at, s] = timers_.back();
    timers_.pop_back();
    if (s->timer != at) continue;
    s->timer = limit_session::unset;
    if (deadline(*s) <= clock) return s;
    schedule(*s);
  }
  return nullptr;
}

void limit_sessions::drop(limit_session& s) {
  table_.erase(hash_of(s.name));
  s.state = {};
  s.timer = limit_session::unset;
  free_.push_back(&s);
}

}  // namespace weir::bench
