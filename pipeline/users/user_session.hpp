#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipeline/session/session.hpp"

namespace weir {

/// What names a session among a user's: of one name in two partitions there are two.
struct session_id {
  std::string key;  // session_key
  std::int32_t partition = 0;
  auto operator<=>(const session_id&) const = default;
};

/// What the users stage keeps of a closed session that may still change.
struct user_session {
  session_id id;
  std::int64_t started_at = 0, ended_at = 0;
  std::uint32_t page_views = 0;
  std::int64_t revenue = 0;  // 10^-6
  bool engaged = false;
  bool converted = false;
  bool identified = false;  // it has a user_id
  bool lingered = false;    // on one page for `lingering` or more
  bool operator==(const user_session&) const = default;
};

/// The order of a user's sessions: nothing of the order in which they arrived.
inline bool before(const user_session& a, const user_session& b) {
  return a.started_at != b.started_at ? a.started_at < b.started_at : a.id < b.id;
}

/// A hit of one or more steps of a funnel of scope user.
struct user_hit {
  std::uint64_t funnel = 0;  // hash64 of its id: state outlives configurations
  moment at;
  std::uint32_t steps = 0;  // bit n: it meets step n (from 0)
  auto operator<=>(const user_hit&) const = default;
};

/// A record of weir.sessions, as the users stage takes it.
struct session_news {
  user_session session;
  std::vector<user_hit> hits;  // in order
  std::uint32_t revision = 0;
  bool withdrawn = false;  // the user does not have this session, or not any more
};

/// Kpis.md, definition 15: the stage "engagement" of a journey. Milliseconds on one page.
inline constexpr std::int64_t lingering = 30'000;

}  // namespace weir
