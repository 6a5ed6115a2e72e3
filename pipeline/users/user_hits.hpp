#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pipeline/users/user_session.hpp"

namespace weir {

/// A hit among a user's of the same funnel.
struct placed_hit {
  moment at;
  std::shared_ptr<const session_id> session;  // one for all hits that a session brought
  std::uint32_t steps = 0;                    // as in user_hit
  bool meets(std::size_t step) const { return steps >> step & 1U; }
  bool operator==(const placed_hit& x) const {
    return at == x.at && steps == x.steps && *session == *x.session;
  }
  /// By time, session and place in its partition.
  bool operator<(const placed_hit& x) const;
};

/// The hits of one funnel that are kept of a user.
struct funnel_hits {
  std::uint64_t funnel = 0;      // hash64 of its id
  std::vector<placed_hit> hits;  // in order
  std::int64_t day = 0;          // UTC, the last of which hits are forgotten
  std::uint32_t forgotten = 0;   // how many
  bool operator==(const funnel_hits&) const = default;
};
using user_hits = std::vector<funnel_hits>;  // by funnel

/// Of one funnel's hits of a day, UTC, the first in order are kept, the others passed over. Those that are
/// forgotten meanwhile count, so it makes no difference when they are.
inline constexpr std::size_t hits_kept_a_day = 2'000;

/// The time of the session's first hit; `none` when it has none.
std::int64_t first_hit_of(const user_hits& hits, const session_id& id, std::int64_t none);

/// Takes away the session's hits.
void erase_hits(user_hits& hits, const session_id& id);
/// Puts hits of a session, of which none is known, to the others.
void add_hits(user_hits& hits, const session_id& id, std::span<const user_hit> news);
/// Forgets the first so many of a funnel's.
void forget_first(funnel_hits& of, std::size_t count);

}  // namespace weir
