#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "pipeline/base/hash.hpp"
#include "pipeline/session/key_state.hpp"

namespace weir::bench {

/// One session key of the limit.
struct limit_session {
  std::string name;  // `<site>|<session_id>`
  std::size_t bar = 0;
  key_state state;
  std::int64_t timer = unset;  // the lowest time that the queue holds for it

  static constexpr std::int64_t unset = std::int64_t{1} << 62;
  session_name named(std::string_view topic) const {
    const std::string_view all(name);
    return {topic, all.substr(0, bar), all.substr(bar + 1)};
  }
};

/// The flat table of session keys, their timers, and the windows in which open sessions started.
class limit_sessions {
 public:
  explicit limit_sessions(const session_life& life) : life_(life) {}

  limit_session& at(std::string_view site, std::string_view session_id);
  /// Changes the key's state: `what(state)`; keeps timers and the count of open sessions.
  template <class Change>
  void change(limit_session& s, Change&& what) {
    const auto before = open_windows(s);
    what(s.state);
    count(before, open_windows(s));
    schedule(s);
  }
  /// A key whose timer is due at or below the clock; null when there is none. Must be changed then.
  limit_session* due(std::int64_t clock);
  void drop(limit_session& s);
  template <class Visit>
  void for_each(Visit&& visit) {
    for (auto& [hash, s] : table_) visit(*s);
  }

  /// The window of the oldest open session's start; `otherwise` when none is open.
  std::int64_t oldest_open(std::int64_t otherwise) const {
    return open_.empty() ? otherwise : open_.begin()->first;
  }
  std::size_t keys() const { return table_.size(); }
  std::size_t open() const;

 private:
  using windows = absl::InlinedVector<std::int64_t, 2>;
  static windows open_windows(const limit_session& s);
  void count(const windows& before, const windows& after);
  void schedule(limit_session& s);
  std::int64_t deadline(const limit_session& s) const {
    return std::min(life_.next_close(s.state), life_.next_forget(s.state));
  }

  const session_life& life_;
  absl::flat_hash_map<hash128, limit_session*> table_;
  std::deque<limit_session> pool_;
  std::vector<limit_session*> free_;
  std::vector<std::pair<std::int64_t, limit_session*>> timers_;  // a heap
  std::map<std::int64_t, std::int64_t> open_;                    // window of start -> open sessions
  std::string key_;
};

}  // namespace weir::bench
