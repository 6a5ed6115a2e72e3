#include "pipeline/session/candidates.hpp"

#include <algorithm>
#include <utility>

namespace weir {

namespace {

/// How far a time lies outside of a session; then which session is the earlier.
using rank = std::pair<std::int64_t, std::int64_t>;

rank rank_of(const session& s, std::int64_t time) {
  return {std::max({s.first - time, time - s.last, std::int64_t{0}}), s.first};
}

/// True when the event would not make the session longer than it may be.
bool short_enough(const session& s, std::int64_t time, const session_rules& r) {
  return std::max(s.last, time) - std::min(s.first, time) <= r.max_duration;
}

}  // namespace

candidates find_candidates(const std::vector<session>& sessions, std::int64_t time, const session_rules& r) {
  std::optional<std::size_t> nearest, second;
  const auto before = [&](std::size_t a, const std::optional<std::size_t>& b) {
    return !b || rank_of(sessions[a], time) < rank_of(sessions[*b], time);
  };
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (!within_timeout(sessions[i], time, r) || !short_enough(sessions[i], time, r)) continue;
    if (before(i, nearest))
      second = std::exchange(nearest, i);
    else if (before(i, second))
      second = i;
  }
  if (!second) return {nearest, {}};
  auto earlier = *nearest, later = *second;
  if (sessions[later].first < sessions[earlier].first) std::swap(earlier, later);
  if (sessions[later].last - sessions[earlier].first > r.max_duration) return {nearest, {}};
  return {earlier, later};
}

std::optional<std::size_t> find_nearest(const std::vector<session>& sessions, std::int64_t time,
                                        const session_rules& r) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    if (!within_timeout(sessions[i], time, r)) continue;
    if (!found || rank_of(sessions[i], time) < rank_of(sessions[*found], time)) found = i;
  }
  return found;
}

}  // namespace weir
