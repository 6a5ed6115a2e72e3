#include "pipeline/users/user_attempts.hpp"

#include <algorithm>

#include "pipeline/base/hash.hpp"
#include "pipeline/kpi/contribute_user.hpp"

namespace weir {

namespace {

using placed_hits = std::vector<placed_hit>;

/// Makes the attempt that begins with the hit at `at`, which is left at the first hit behind the attempt.
void follow(const placed_hits& hits, std::size_t& at, const funnel& f, user_attempt& a) {
  const auto steps = std::min(f.steps.size(), funnel_steps_kept);
  a.reached = 1;
  a.times.assign(1, hits[at].at.time);
  for (++at; a.reached < steps && at < hits.size(); ++at) {
    if (hits[at].at.time - a.begun() > f.within) break;
    if (!hits[at].meets(a.reached)) continue;
    ++a.reached;
    a.times.push_back(hits[at].at.time);
  }
  a.complete = a.reached == steps;
}

/// Calls `visit(attempt, the place of its first hit)` for each, until it returns false.
template <class Visit>
void for_each_attempt(const placed_hits& hits, const funnel& f, Visit&& visit) {
  user_attempt a;
  for (std::size_t at = 0; at < hits.size();) {
    if (!hits[at].meets(0)) {
      ++at;
      continue;
    }
    const auto first = at;
    follow(hits, at, f, a);
    if (!visit(a, first)) return;
  }
}

/// How many of the first hits no attempt needs that a hit at or after this time may still change.
std::size_t not_needed(const placed_hits& hits, const funnel& f, std::int64_t time) {
  if (hits.empty() || hits.front().at.time >= time) return 0;
  const auto behind = std::partition_point(hits.begin(), hits.end(),
                                           [time](const placed_hit& hit) { return hit.at.time < time; });
  auto count = static_cast<std::size_t>(behind - hits.begin());
  for_each_attempt(hits, f, [&](const user_attempt& a, std::size_t first) {
    if (a.settled(time, f)) return true;
    count = std::min(count, first);
    return false;
  });
  return count;
}

const funnel* funnel_of(const rules& r, std::uint64_t id) {
  for (const auto& f : r.funnels)
    if (f.scope == funnel::reach::user && hash64(f.id) == id) return &f;
  return nullptr;
}

}  // namespace

std::vector<user_attempt> attempts_at(const user_state& user, const funnel& f, std::int64_t time) {
  std::vector<user_attempt> some;
  const auto id = hash64(f.id);
  const auto of =
      std::find_if(user.hits.begin(), user.hits.end(), [id](const auto& x) { return x.funnel == id; });
  if (of == user.hits.end()) return some;
  for_each_attempt(of->hits, f, [&](const user_attempt& a, std::size_t) {
    if (!a.settled(time, f)) some.push_back(a);
    return true;
  });
  return some;
}

void forget_hits(user_state& user, const rules& r, std::int64_t time) {
  for (auto& of : user.hits)
    if (const auto* f = funnel_of(r, of.funnel)) forget_first(of, not_needed(of.hits, *f, time));
  std::erase_if(user.hits, [&](const funnel_hits& of) {
    const bool over = of.forgotten == 0 || of.day < day_of(time);  // that day gets no more hits
    return (of.hits.empty() && over) || !funnel_of(r, of.funnel);  // or it is no longer configured
  });
}

}  // namespace weir
