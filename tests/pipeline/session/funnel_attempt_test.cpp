#include "pipeline/session/funnel_attempt.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace weir;

namespace {

funnel of_steps(std::size_t n, millis within = 1000) {
  return {"f", funnel::reach::session, within, std::vector<funnel_step>(n)};
}

session hits(std::vector<std::pair<std::int64_t, std::uint32_t>> list) {
  session s;
  for (std::size_t i = 0; i < list.size(); ++i)
    s.hits.push_back({{list[i].first, static_cast<std::int64_t>(i)}, 0, list[i].second});
  return s;
}

using times = std::vector<std::int64_t>;

/// The definition, word by word: each start, each step the earliest hit after the one before.
funnel_attempt slowly(const session& s, const funnel& f) {
  funnel_attempt best;
  for (std::size_t start = 0; start < s.hits.size(); ++start) {
    if (!(s.hits[start].steps & 1)) continue;
    funnel_attempt found{1, {s.hits[start].at.time}};
    auto at = start;
    for (std::size_t step = 1; step < f.steps.size(); ++step) {
      auto next = at + 1;
      while (next < s.hits.size() && !(s.hits[next].steps >> step & 1)) ++next;
      if (next == s.hits.size() || s.hits[next].at.time - found.times[0] > f.within) break;
      ++found.reached;
      found.times.push_back(s.hits[at = next].at.time);
    }
    if (found.reached > best.reached) best = found;
  }
  return best;
}

}  // namespace

TEST_CASE("without a hit of step 1 there is no attempt") {
  CHECK(furthest_attempt(hits({}), 0, of_steps(3)).reached == 0);
  CHECK(furthest_attempt(hits({{1, 2}, {2, 4}}), 0, of_steps(3)).reached == 0);
}

TEST_CASE("an attempt takes its steps in order of time") {
  const auto found = furthest_attempt(hits({{1, 2}, {2, 1}, {3, 4}, {4, 2}, {5, 4}}), 0, of_steps(3));
  CHECK(found.reached == 3);
  CHECK(found.times == times{2, 4, 5});
}

TEST_CASE("an event hits at most one step of an attempt") {
  const auto found = furthest_attempt(hits({{1, 3}}), 0, of_steps(2));
  CHECK(found.reached == 1);
  CHECK(furthest_attempt(hits({{1, 3}, {2, 3}}), 0, of_steps(2)).reached == 2);
}

TEST_CASE("hits of one time go by partition order") {
  CHECK(furthest_attempt(hits({{1, 1}, {1, 2}}), 0, of_steps(2)).reached == 2);
  CHECK(furthest_attempt(hits({{1, 2}, {1, 1}}), 0, of_steps(2)).reached == 1);
}

TEST_CASE("a hit counts within the limit from step 1 and not beyond") {
  CHECK(furthest_attempt(hits({{0, 1}, {1000, 2}}), 0, of_steps(2)).reached == 2);
  CHECK(furthest_attempt(hits({{0, 1}, {1001, 2}}), 0, of_steps(2)).reached == 1);
}

TEST_CASE("a later attempt that came further is the furthest, of equals the first") {
  const auto found =
      furthest_attempt(hits({{0, 1}, {500, 2}, {900, 1}, {1000, 2}, {1800, 4}}), 0, of_steps(3));
  CHECK(found.times == times{900, 1000, 1800});
  CHECK(furthest_attempt(hits({{0, 1}, {100, 1}, {200, 2}}), 0, of_steps(2)).times == times{0, 200});
}

TEST_CASE("hits of other funnels do not count") {
  auto s = hits({{0, 1}, {1, 2}});
  s.hits[1].funnel = 1;
  CHECK(furthest_attempt(s, 0, of_steps(2)).reached == 1);
  CHECK(furthest_attempt(s, 1, of_steps(2)).reached == 0);
}

TEST_CASE("the furthest attempt is what the definition says") {
  std::mt19937 random(3);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::pair<std::int64_t, std::uint32_t>> list;
    std::int64_t time = 0;
    for (auto n = random() % 30; n > 0; --n) list.emplace_back(time += random() % 4, 1 + random() % 15);
    const auto s = hits(list);
    const auto f = of_steps(1 + random() % 4, static_cast<millis>(random() % 20));
    const auto found = furthest_attempt(s, 0, f), expected = slowly(s, f);
    REQUIRE(found.reached == expected.reached);
    REQUIRE(found.times == expected.times);
  }
}
