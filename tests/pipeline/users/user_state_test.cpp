#include <doctest/doctest.h>

#include <numeric>

#include "pipeline/kpi/family.hpp"
#include "tests/pipeline/users/user_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

/// What came to of one sum: family, window, key, name of the slot.
std::int64_t sum_of(const user_fixture& f, family fam, std::int64_t window,
                    std::array<std::string_view, 2> key, std::string_view metric) {
  const auto names = definition(fam).sums;
  const auto slot = std::find(names.begin(), names.end(), metric) - names.begin();
  std::int64_t sum = 0;
  for (const auto& c : f.kpis.of(fam)) {
    if (c.window != window || c.key[0] != key[0] || c.key[1] != key[1]) continue;
    for (const auto* a = f.kpis.additions(c); a != f.kpis.additions(c) + c.count; ++a)
      if (a->what == addition::kind::sum && a->slot == slot) sum += a->sum;
  }
  return sum;
}

std::int64_t new_visitors(const user_fixture& f, std::int64_t window) {
  return sum_of(f, family::site, window, {}, "new_visitors");
}
std::int64_t cohort(const user_fixture& f, std::int64_t day, std::string_view metric) {
  return sum_of(f, family::retention, day, {}, metric);
}
std::int64_t journeys(const user_fixture& f, std::int64_t window, std::string_view type,
                      std::string_view tier = "medium") {
  return sum_of(f, family::journeys, window, {type, tier}, "sessions");
}
std::int64_t steps(const user_fixture& f, std::int64_t window, std::string_view step, std::string_view metric,
                   std::string_view funnel = "buy") {
  return sum_of(f, family::funnels, window, {funnel, step}, metric);
}

constexpr std::int64_t midnight = noon - 12 * hour;

}  // namespace

TEST_CASE("a user's first session makes a new visitor, a cohort of the day and a journey") {
  user_fixture f;
  CHECK(f.take(news_of("a", noon + minute)));
  CHECK(new_visitors(f, noon) == 1);
  CHECK(cohort(f, midnight, "cohort_size") == 1);
  CHECK(cohort(f, midnight, "d1_users") == 0);
  CHECK(journeys(f, noon, "new_visitor") == 1);
}

TEST_CASE("a second session makes a returning visitor, and counts in the cohort's days and weeks") {
  user_fixture f;
  f.r.users_retention = 400 * day;
  f.take(news_of("a", noon));
  for (const auto days : {1, 7, 8, 30, 90, 91})
    f.take(news_of("b" + std::to_string(days), noon + days * day));
  CHECK(journeys(f, noon + day, "returning_visitor") == 1);
  for (const auto* name : {"d1_users", "d7_users", "w1_users", "d30_users", "w4_users", "w12_users"})
    CHECK_MESSAGE(cohort(f, midnight, name) == 1, name);
  for (const auto* name : {"w2_users", "w3_users", "w5_users", "w11_users"})
    CHECK_MESSAGE(cohort(f, midnight, name) == 0, name);
  CHECK(new_visitors(f, noon + day) == 0);
}

TEST_CASE("days are those of UTC on which sessions start: the next begins a minute later") {
  user_fixture f;
  f.take(news_of("a", midnight + day - minute));
  f.take(news_of("b", midnight + day));
  CHECK(cohort(f, midnight, "d1_users") == 1);
}

TEST_CASE("a session that comes late but began first takes the new visitor to its window and its day") {
  user_fixture f;
  f.take(news_of("later", noon + day));
  f.take(news_of("first", noon));
  CHECK(new_visitors(f, noon + day) == 0);
  CHECK(new_visitors(f, noon) == 1);
  CHECK(cohort(f, midnight + day, "cohort_size") == 0);
  CHECK(cohort(f, midnight, "d1_users") == 1);
  CHECK(journeys(f, noon + day, "new_visitor") == 0);
  CHECK(journeys(f, noon + day, "returning_visitor") == 1);
}

TEST_CASE("of two sessions that begin together the one with the smaller key is the first") {
  user_fixture f;
  auto b = news_of("b", noon);
  b.session.engaged = false;
  f.take(b);
  f.take(news_of("a", noon));
  CHECK(journeys(f, noon, "new_visitor", "medium") == 1);
  CHECK(journeys(f, noon, "returning_visitor", "low") == 1);
}

TEST_CASE("the tier of a journey: engaged and five views or a conversion is high") {
  user_fixture f;
  auto views = news_of("a", noon), converted = news_of("b", noon), low = news_of("c", noon);
  views.session.page_views = 5;
  converted.session.converted = true;
  low.session.engaged = false;
  low.session.page_views = 9;
  for (auto* n : {&views, &converted, &low}) n->session.identified = true, f.take(*n);
  CHECK(journeys(f, noon, "authenticated_user", "high") == 2);
  CHECK(journeys(f, noon, "authenticated_user", "low") == 1);
  CHECK(sum_of(f, family::journeys, noon, {"authenticated_user", "high"}, "stage_conversion") == 1);
}

TEST_CASE("a revision counts instead of what it revises, a withdrawn session not at all") {
  user_fixture f;
  auto n = news_of("a", noon);
  f.take(n);
  n.session.lingered = true;
  n.revision = 2;
  f.take(n);
  CHECK(sum_of(f, family::journeys, noon, {"new_visitor", "medium"}, "stage_engagement") == 1);
  CHECK(journeys(f, noon, "new_visitor") == 1);
  f.take(withdrawn(n));
  CHECK(f.counted().empty());
  CHECK(f.user.empty());
  CHECK_FALSE(f.take(withdrawn(n)));
}

TEST_CASE("who comes back after users.retention is new again, and has another cohort") {
  user_fixture f;
  auto first = news_of("a", noon);
  const auto last_seen = first.session.ended_at;
  f.take(first);
  f.take(news_of("b", last_seen + f.r.users_retention));
  CHECK(lives_of(f.user, f.r).size() == 1);
  user_fixture g;
  g.take(first);
  g.take(news_of("b", last_seen + g.r.users_retention + 1));
  CHECK(lives_of(g.user, g.r).size() == 2);
  CHECK(new_visitors(g, window_of(last_seen + g.r.users_retention + 1)) == 1);
  CHECK(g.life().sessions == 1);
  g.take(news_of("between", noon + day));  // no silence is so long any more
  CHECK(lives_of(g.user, g.r).size() == 1);
  CHECK(g.life().sessions == 3);
}

TEST_CASE("a user's totals") {
  user_fixture f;
  auto a = news_of("a", noon), b = news_of("b", noon + hour), c = news_of("c", noon + 3 * day);
  a.session.revenue = 5, b.session.revenue = 6;
  b.session.converted = true;
  c.session.identified = true;
  for (auto* n : {&c, &a, &b}) f.take(*n);
  const auto life = f.life();
  CHECK(life.first_seen == noon);
  CHECK(life.last_seen == noon + 3 * day + 2 * minute);
  CHECK(life.sessions == 3);
  CHECK(life.active_days == 2);
  CHECK(life.page_views == 3);
  CHECK(life.conversions == 1);
  CHECK(life.revenue == 11);
  CHECK(life.identified);
}

TEST_CASE("an attempt at a user's funnel goes over sessions, in the window of its first step") {
  user_fixture f;
  auto a = news_of("a", noon), b = news_of("b", noon + 5 * hour), c = news_of("c", noon + 7 * hour);
  a.hits = {hit_of("buy", 1, noon + minute)};
  b.hits = {hit_of("buy", 2, noon + 5 * hour)};
  c.hits = {hit_of("buy", 3, noon + 7 * hour)};
  f.take(a);
  CHECK(steps(f, noon, "1", "entered") == 1);
  CHECK(steps(f, noon, "1", "drop_off") == 1);
  f.take(c);
  CHECK(steps(f, noon, "2", "entered") == 0);
  f.take(b);  // completes it in the middle
  CHECK(steps(f, noon, "3", "entered") == 1);
  CHECK(steps(f, noon, "1", "drop_off") == 0);
  f.take(withdrawn(b));
  CHECK(steps(f, noon, "3", "entered") == 0);
  CHECK(steps(f, noon, "1", "drop_off") == 1);
}

TEST_CASE("an attempt ends with its last step or with its time, and none begins before") {
  user_fixture f;
  auto n = news_of("a", noon);
  n.hits = {hit_of("pair", 1, noon),
            hit_of("pair", 1, noon + minute, 1),
            hit_of("pair", 2, noon + hour, 2),
            hit_of("pair", 1, noon + hour + 1, 3),
            hit_of("pair", 1, noon + 2 * hour, 4),
            hit_of("pair", 1, noon + 2 * hour + 2, 5)};
  f.take(n);
  CHECK(steps(f, noon, "1", "entered", "pair") == 1);  // the second hit of step 1 is within it
  CHECK(steps(f, noon, "2", "entered", "pair") == 1);
  // The next one takes an hour, to the millisecond; so does the one behind it.
  CHECK(steps(f, noon + hour, "1", "entered", "pair") == 1);
  CHECK(steps(f, noon + 2 * hour, "1", "entered", "pair") == 1);
}

TEST_CASE("hits of one time go by session and place, and one event is one step of an attempt") {
  user_fixture f;
  auto a = news_of("a", noon), b = news_of("b", noon);
  a.hits = {hit_of("pair", 2, noon)};
  b.hits = {hit_of("pair", 1, noon)};
  f.take(a);
  f.take(b);
  CHECK(steps(f, noon, "2", "entered", "pair") == 0);
  user_fixture g;
  auto both = news_of("a", noon);
  both.hits = {{hash64("pair"), {noon, 1}, 3}};
  g.take(both);
  CHECK(steps(g, noon, "2", "entered", "pair") == 0);
  auto next = news_of("b", noon + minute);
  next.hits = {{hash64("pair"), {noon + minute, 2}, 3}};
  g.take(next);
  CHECK(steps(g, noon, "2", "entered", "pair") == 1);
  CHECK(steps(g, noon, "1", "entered", "pair") == 1);
}

TEST_CASE("what is settled is added up and takes no more room") {
  user_fixture f;
  for (int i = 0; i < 100; ++i) f.take(news_of("s" + std::to_string(i), noon + i * hour));
  const auto before = f.life();
  f.settle(noon + 98 * hour);
  CHECK(f.user.sessions.size() == 2);
  CHECK(static_cast<const user_life&>(f.life()) == static_cast<const user_life&>(before));
  parted_value value;
  encode(f.user, value);
  CHECK(value.bytes.size() < 100);
  CHECK(value.cuts.empty());
}

TEST_CASE("a user has expired when the next session would find them new") {
  user_fixture f;
  f.take(news_of("a", noon));
  const auto last_seen = noon + 2 * minute;
  CHECK_FALSE(expired(f.user, f.r, last_seen + f.r.users_retention));
  CHECK(expired(f.user, f.r, last_seen + f.r.users_retention + 1));
}

TEST_CASE("what is left of a user may have been forgotten when it ended users.retention before a session") {
  user_fixture f;
  CHECK(may_be_forgotten(f.user, noon, f.r));
  f.take(news_of("a", noon));
  const auto last_seen = noon + 2 * minute;
  for (int i = 0; i < 2; ++i) {  // a redo settles nothing
    CHECK_FALSE(may_be_forgotten(f.user, last_seen + f.r.users_retention, f.r));
    CHECK(may_be_forgotten(f.user, last_seen + f.r.users_retention + 1, f.r));
    settle(f.user, f.r, noon + 1);
  }
}

TEST_CASE("a name that very many share takes no more memory than its last thousand sessions") {
  user_fixture f;
  for (std::size_t i = 0; i < 3 * open_sessions_kept; ++i)
    f.take(news_of("s" + std::to_string(i), noon + static_cast<std::int64_t>(i)));
  CHECK(f.user.sessions.size() == open_sessions_kept);
  CHECK(f.life().sessions == 3 * open_sessions_kept);
  CHECK(new_visitors(f, noon) == 1);
  auto revised = news_of("s0", noon);  // one of those that are settled: it is not counted twice
  revised.revision = 2;
  CHECK_FALSE(f.take(revised));
}

TEST_CASE("of more hits of a day than are kept the first count, and the next day has room again") {
  user_fixture f;
  const auto give = [&](const std::string& key, std::int64_t time, unsigned step) {
    auto n = news_of(key, time);
    n.hits = {hit_of("buy", step, time)};
    f.take(n);
  };
  give("s", noon, 1);
  for (std::size_t i = 1; i < hits_kept_a_day; ++i) give("s" + std::to_string(i), noon + hour, 1);
  give("late", noon + 2 * hour, 2);  // one too many
  CHECK(steps(f, noon, "2", "entered") == 0);
  give("early", noon + minute, 2);  // in its place one of the last goes
  CHECK(steps(f, noon, "2", "entered") == 1);
  CHECK(f.user.hits.front().hits.size() == hits_kept_a_day);
  give("tomorrow", noon + 13 * hour, 3);
  CHECK(steps(f, noon, "3", "entered") == 1);
}

TEST_CASE("hits that are forgotten still take the room of their day") {
  user_fixture f;
  auto n = news_of("a", noon);
  for (std::size_t i = 0; i + 1 < hits_kept_a_day; ++i)
    n.hits.push_back(hit_of("buy", 3, noon, std::int64_t(i)));
  f.take(n);
  f.settle(noon + hour);
  CHECK(f.user.hits.front().hits.empty());
  auto b = news_of("b", noon + 2 * hour);
  b.hits = {hit_of("buy", 1, noon + 2 * hour), hit_of("buy", 2, noon + 2 * hour, 1)};
  f.take(b);
  CHECK(f.user.hits.front().hits.size() == 1);
  f.settle(noon + 3 * day);
  CHECK(f.user.hits.empty());
}
