#include "pipeline/users/user_attempts.hpp"

#include <algorithm>

#include "pipeline/base/hash.hpp"

namespace weir {

namespace {

/// A hit in the order of a user's: by time, session and place in its partition.
struct placed_hit {
  std::int64_t time;
  const session_id* session;  // null: before all
  std::int64_t offset;
  std::uint32_t steps;
  bool before(const placed_hit& x) const {
    if (time != x.time) return time < x.time;
    if (session == x.session) return offset < x.offset;  // each session's are in one list
    return !session || (x.session && *session < *x.session);
  }
  bool meets(std::size_t step) const { return steps >> step & 1U; }
};
using placed_hits = std::vector<placed_hit>;

placed_hits hits_at(const user_state& user, std::uint64_t funnel) {
  placed_hits all;
  for (const auto& of : user.hits)
    for (const auto& hit : of.hits)
      if (hit.funnel == funnel) all.push_back({hit.at.time, &of.id, hit.at.offset, hit.steps});
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.before(b); });
  return all;
}

/// The attempt that begins with the hit at `at`, which is left at the first hit behind the attempt.
user_attempt attempt_from(const placed_hits& hits, std::size_t& at, const funnel& f) {
  const auto steps = std::min(f.steps.size(), funnel_steps_kept);
  user_attempt a;
  a.reached = 1;
  a.times = {hits[at].time};
  for (++at; a.reached < steps && at < hits.size(); ++at) {
    if (hits[at].time - a.begun() > f.within) break;
    if (!hits[at].meets(a.reached)) continue;
    ++a.reached;
    a.times.push_back(hits[at].time);
  }
  a.complete = a.reached == steps;
  return a;
}

/// Calls `visit(attempt, its first hit)` for each, until it returns false.
template <class Visit>
void for_each_attempt(const placed_hits& hits, const funnel& f, Visit&& visit) {
  for (std::size_t at = 0; at < hits.size();) {
    if (!hits[at].meets(0)) {
      ++at;
      continue;
    }
    const auto& first = hits[at];
    if (!visit(attempt_from(hits, at, f), first)) return;
  }
}

/// Before it no hit of the funnel is needed.
placed_hit needed_from(const placed_hits& hits, const funnel& f, std::int64_t time) {
  placed_hit from{time, nullptr, 0, 0};
  for_each_attempt(hits, f, [&](const user_attempt& a, const placed_hit& first) {
    if (a.settled(time, f)) return true;
    if (first.before(from)) from = first;
    return false;
  });
  return from;
}

void forget_before(user_state& user, std::uint64_t funnel, const placed_hit& from) {
  for (auto& of : user.hits)
    std::erase_if(of.hits, [&](const user_hit& hit) {
      return hit.funnel == funnel && placed_hit{hit.at.time, &of.id, hit.at.offset, 0}.before(from);
    });
}

}  // namespace

std::vector<user_attempt> attempts_at(const user_state& user, const funnel& f) {
  std::vector<user_attempt> all;
  for_each_attempt(hits_at(user, hash64(f.id)), f, [&](user_attempt a, const placed_hit&) {
    all.push_back(std::move(a));
    return true;
  });
  return all;
}

void forget_hits(user_state& user, const rules& r, std::int64_t time) {
  std::vector<std::uint64_t> known;
  for (const auto& f : r.funnels) {
    if (f.scope != funnel::reach::user) continue;
    const auto id = known.emplace_back(hash64(f.id));
    forget_before(user, id, needed_from(hits_at(user, id), f, time));
  }
  const auto unknown = [&](const user_hit& hit) {  // of a funnel that is no longer configured
    return std::find(known.begin(), known.end(), hit.funnel) == known.end();
  };
  for (auto& of : user.hits) std::erase_if(of.hits, unknown);
  std::erase_if(user.hits, [](const session_hits& of) { return of.hits.empty(); });
}

}  // namespace weir
