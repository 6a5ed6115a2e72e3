#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/users/user_state.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

namespace weir::test {

inline constexpr std::int64_t day = 24 * hour;

/// A user whose sessions are published one by one, and all that this adds to the KPIs.
struct user_fixture {
  rules r;
  user_state user;
  contributions kpis;

  /// Two funnels of scope user: `buy` of three steps within a day, `pair` of two within an hour.
  user_fixture() {
    r.users_retention = 40 * day;
    r.funnels = {{"buy", funnel::reach::user, day, {{"1", {}}, {"2", {}}, {"3", {}}}},
                 {"pair", funnel::reach::user, hour, {{"1", {}}, {"2", {}}}}};
  }

  bool take(session_news news) { return weir::take(user, std::move(news), "shop", r, kpis); }
  void settle(std::int64_t horizon) { weir::settle(user, r, horizon); }
  tally counted() const { return tally_of(kpis); }
  user_life life() const { return lives_of(user, r).back(); }
};

/// The first revision of a session of two minutes.
inline session_news news_of(const std::string& key, std::int64_t start) {
  session_news n;
  n.session.id.key = key;
  n.session.started_at = start;
  n.session.ended_at = start + 2 * minute;
  n.session.page_views = 1;
  n.session.engaged = true;
  n.revision = 1;
  return n;
}

inline session_news withdrawn(session_news n) {
  n.withdrawn = true;
  ++n.revision;
  return n;
}

/// A hit of one step (from 1) of a funnel.
inline user_hit hit_of(const std::string& funnel, unsigned step, std::int64_t time, std::int64_t offset = 0) {
  return {hash64(funnel), {time, offset}, 1U << (step - 1)};
}

}  // namespace weir::test
