#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "pipeline/rules.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// Which sessions of a key an event at a time joins, as places in the key's sessions: none, one, or the two
/// that it bridges, the earlier first.
struct candidates {
  std::optional<std::size_t> earlier;
  std::optional<std::size_t> later;  // only on a bridge
};
candidates find_candidates(const std::vector<session>& sessions, std::int64_t time, const session_rules& r);

/// True when the time lies within the timeout of the session.
inline bool within_timeout(const session& s, std::int64_t time, const session_rules& r) {
  return s.first - r.timeout <= time && time <= s.last + r.timeout;
}

/// The session that a duplicate at a time counts in: the nearest that it is near, of equals the earlier.
std::optional<std::size_t> find_nearest(const std::vector<session>& sessions, std::int64_t time,
                                        const session_rules& r);

}  // namespace weir
