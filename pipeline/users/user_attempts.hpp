#pragma once

#include <vector>

#include "pipeline/rules.hpp"
#include "pipeline/session/funnel_attempt.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

/// An attempt of a user at a funnel of scope user. It runs from its hit of step 1 to the hit of the last
/// step, or for `within`: the next one begins with the first hit of step 1 behind that, so attempts do not
/// overlap.
struct user_attempt : funnel_attempt {
  bool complete = false;
  std::int64_t begun() const { return times.front(); }
  /// True when no hit at or after this time can change it.
  bool settled(std::int64_t time, const funnel& f) const {
    return complete ? times.back() < time : begun() + f.within < time;
  }
  bool operator==(const user_attempt&) const = default;
};

/// The attempts at the funnel that a hit at or after this time can change, in order, over the hits that are
/// kept of it.
std::vector<user_attempt> attempts_at(const user_state& user, const funnel& f, std::int64_t time);

/// Forgets the hits that no attempt can need which a hit at or after this time may still change: what they
/// counted stays counted.
void forget_hits(user_state& user, const rules& r, std::int64_t time);

}  // namespace weir
