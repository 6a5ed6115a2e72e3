#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/parted_value.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/users/user_hits.hpp"
#include "pipeline/users/user_life.hpp"
#include "pipeline/users/user_session.hpp"

namespace weir {

/// All that is kept of one user of a site. A value: whatever the order in which sessions and their revisions
/// came, it says the same of the same set of sessions.
struct user_state {
  std::optional<user_life> settled;    // what nothing can change any more, added up
  std::vector<user_session> sessions;  // the others, in order
  user_hits hits;                      // within reach of an attempt that may still change
  bool operator==(const user_state&) const = default;
  bool empty() const { return !settled && sessions.empty() && hits.empty(); }
};

/// Of more sessions of one user that may still change the first are taken as settled, as of a day's hits only
/// the first are kept: so no user takes more memory, whoever shares the name.
inline constexpr std::size_t open_sessions_kept = 1'000;

/// A life and what it needs of the sessions that are not settled: the place of its first one there, or none.
struct told_life : user_life {
  std::optional<std::size_t> first;
};
/// The lives that the state tells of, in order. The last one is the current one.
std::vector<told_life> lives_of(const user_state& user, const rules& r);

/// No session that starts before this time can come, or change any more, when all sources have passed W.
std::int64_t horizon_of(std::int64_t w, const rules& r);

/// Takes in what was published of a session; adds what that changes to the KPIs: what the user came to after
/// it less what they came to before. Returns false when it changes nothing.
bool take(user_state& user, session_news news, std::string_view site, const rules& r, contributions& out);

/// Adds up what no session at or behind the horizon can change.
void settle(user_state& user, const rules& r, std::int64_t horizon);

/// True when a session at or behind the horizon would find the user new: there is nothing to keep.
bool expired(user_state user, const rules& r, std::int64_t horizon);

/// True when all that is left of a user ended so long before a session began that it may have been forgotten
/// by then, or not: a search decides that by the clock, and a redo does not go by clocks.
bool may_be_forgotten(const user_state& user, std::int64_t session_start, const rules& r);

/// What the head of a user's value tells.
struct user_outline {
  std::optional<user_life> settled;
  std::uint64_t sessions = 0, hits = 0;
};

/// Versioned binary, in parts once it is large; the bytes are documented in user_state_codec.cpp.
void encode(const user_state& user, parted_value& out);
/// Both throw decode_error.
user_state decode_user_state(std::string_view bytes);
user_outline decode_user_outline(std::string_view head);

}  // namespace weir
