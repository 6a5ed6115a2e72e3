// A user's state is a function of the set of their sessions: the order of arrival, revisions, what was taken
// back, and what was settled meanwhile make no difference.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <random>

#include "tests/pipeline/users/user_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

using random_engine = std::mt19937;

template <class T>
T pick(random_engine& random, std::initializer_list<T> from) {
  return *(from.begin() + static_cast<std::ptrdiff_t>(random() % from.size()));
}

std::vector<user_hit> random_hits(random_engine& random, std::int64_t start) {
  std::vector<user_hit> hits;
  for (auto n = random() % 4; n > 0; --n) {
    const auto time = start + pick<std::int64_t>(random, {0, 0, minute, 20 * minute, hour});
    hits.push_back(
        {hash64(random() % 2 ? "buy" : "pair"), {time, std::int64_t(n)}, 1U + unsigned(random() % 7)});
  }
  std::sort(hits.begin(), hits.end());
  return hits;
}

session_news random_news(random_engine& random, int number) {
  auto n = news_of("s" + std::to_string(number),
                   noon + pick<std::int64_t>(random, {0, 0, 1, 9, 30, 60, 130}) * day +
                       std::int64_t(random() % 5) * 20 * minute);
  auto& s = n.session;
  s.id.partition = static_cast<std::int32_t>(random() % 2);
  s.ended_at = s.started_at + std::int64_t(random() % 3) * hour;
  s.page_views = static_cast<std::uint32_t>(random() % 7);
  s.revenue = static_cast<std::int64_t>(random() % 3);
  s.engaged = random() % 2, s.converted = random() % 2, s.identified = random() % 3 == 0,
  s.lingered = random() % 2;
  n.hits = random_hits(random, s.started_at);
  return n;
}

/// All revisions of one session, in order.
using history = std::deque<session_news>;

history random_history(random_engine& random, int number) {
  history h{random_news(random, number)};
  while (random() % 2) {
    auto next = random_news(random, number);
    next.session.id = h.front().session.id;
    next.revision = h.back().revision + 1;
    h.push_back(std::move(next));
  }
  if (random() % 4 == 0) h.push_back(withdrawn(h.back()));  // merged, or moved to another user
  return h;
}

/// Behind it nothing that is still to come begins, or changes.
std::int64_t latest_horizon(const std::vector<history>& to_come, const user_state& user) {
  auto horizon = noon + 200 * day;
  for (const auto& h : to_come) {
    for (const auto& n : h) horizon = std::min(horizon, n.session.started_at);
    if (h.empty()) continue;
    for (const auto& s : user.sessions)
      if (s.id == h.front().session.id) horizon = std::min(horizon, s.started_at);
  }
  return horizon;
}

/// The same without what came to nothing.
tally counted(const user_fixture& f) { return f.counted(); }

}  // namespace

TEST_CASE("a user is a function of the set of their sessions") {
  CHECK(rc::check([](unsigned seed) {
    random_engine random(seed);
    std::vector<history> to_come;
    for (int i = 0; i < 1 + int(random() % 8); ++i) to_come.push_back(random_history(random, i));
    std::vector<session_news> final_set;
    for (const auto& h : to_come)
      if (!h.back().withdrawn) final_set.push_back(h.back());

    user_fixture any_order;
    const bool settles = random() % 2;
    for (auto left = to_come; !to_come.empty();) {
      auto& h = to_come[random() % to_come.size()];
      any_order.take(h.front());
      h.pop_front();
      std::erase_if(to_come, [](const history& x) { return x.empty(); });
      std::string bytes;  // it may leave memory at any time
      encode(any_order.user, bytes);
      RC_ASSERT(decode_user_state(bytes) == any_order.user);
      if (settles && random() % 2) any_order.settle(latest_horizon(to_come, any_order.user));
    }

    user_fixture in_order;
    std::sort(final_set.begin(), final_set.end(),
              [](const auto& a, const auto& b) { return before(a.session, b.session); });
    for (const auto& n : final_set) in_order.take(n);

    RC_ASSERT(counted(any_order) == counted(in_order));
    const auto lives = lives_of(in_order.user, in_order.r);
    if (!lives.empty())
      RC_ASSERT(static_cast<const user_life&>(any_order.life()) ==
                static_cast<const user_life&>(lives.back()));
  }));
}

TEST_CASE("what is taken back leaves nothing") {
  CHECK(rc::check([](unsigned seed) {
    random_engine random(seed);
    user_fixture f;
    std::vector<session_news> all;
    for (int i = 0; i < 6; ++i) f.take(all.emplace_back(random_news(random, i)));
    std::shuffle(all.begin(), all.end(), random);
    for (const auto& n : all) f.take(withdrawn(n));
    RC_ASSERT(counted(f).empty());
    RC_ASSERT(f.user.empty());
  }));
}
