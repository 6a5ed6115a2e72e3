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
      parted_value value;  // it may leave memory at any time
      encode(any_order.user, value);
      RC_ASSERT(decode_user_state(value.bytes) == any_order.user);
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

namespace {

/// Sessions with far more hits of a day than are kept.
std::vector<session_news> crowded_sessions(random_engine& random) {
  std::vector<session_news> all;
  for (int i = 0; i < 40; ++i) {
    auto n = news_of("s" + std::to_string(i), noon + std::int64_t(random() % 36) * hour);
    n.session.ended_at = n.session.started_at + 3 * hour;
    for (int k = 0; k < 200; ++k)
      n.hits.push_back({hash64(random() % 4 ? "pair" : "buy"),
                        {n.session.started_at + std::int64_t(random() % 180) * minute, k},
                        1U + unsigned(random() % 3)});
    std::sort(n.hits.begin(), n.hits.end());
    all.push_back(std::move(n));
  }
  return all;
}

std::size_t hits_of(const user_state& user) {
  std::size_t sum = 0;
  for (const auto& of : user.hits) sum += of.hits.size();
  return sum;
}

}  // namespace

TEST_CASE("of too many hits the same ones count, whatever the order of arrival, and revised or not") {
  CHECK(rc::check([](unsigned seed) {
    random_engine random(seed);
    auto all = crowded_sessions(random);
    user_fixture in_order, any_order;
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return before(a.session, b.session); });
    std::size_t hits = 0;
    for (const auto& n : all) in_order.take(n), hits += n.hits.size();
    RC_ASSERT(hits_of(in_order.user) < hits);
    std::shuffle(all.begin(), all.end(), random);
    for (const auto& n : all) {
      auto first = n;  // with fewer hits: a session that goes on
      first.hits.resize(random() % (n.hits.size() + 1));
      if (random() % 2) any_order.take(first);
      if (random() % 2) any_order.take(n);
    }
    for (auto& n : all) {
      n.revision = 2;
      any_order.take(n);
    }
    RC_ASSERT(counted(any_order) == counted(in_order));
    RC_ASSERT(any_order.user.hits == in_order.user.hits);
  }));
}

TEST_CASE("of too many hits the same ones count, whenever what is settled is forgotten, or never in a redo") {
  CHECK(rc::check([](unsigned seed) {
    random_engine random(seed);
    auto all = crowded_sessions(random);
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return before(a.session, b.session); });
    for (std::size_t i = 0; i + 4 < all.size(); i += 4)  // not quite in order
      std::shuffle(all.begin() + std::ptrdiff_t(i), all.begin() + std::ptrdiff_t(i) + 4, random);
    user_fixture first, redo;
    for (std::size_t i = 0; i < all.size(); ++i) {
      auto horizon = noon + 200 * day;
      for (auto k = i; k < all.size(); ++k) horizon = std::min(horizon, all[k].session.started_at);
      if (random() % 2) first.settle(horizon);
      if (random() % 8 == 0) redo.user = first.user;  // a checkpoint
      first.kpis = {}, redo.kpis = {};
      first.take(all[i]);
      redo.take(all[i]);
      RC_ASSERT(counted(first) == counted(redo));
    }
    RC_ASSERT(hits_of(first.user) < hits_of(redo.user) + 1);
  }));
}
