#include <doctest/doctest.h>

#include <map>

#include "pipeline/base/codec.hpp"
#include "tests/pipeline/users/user_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

parted_value parts_of(const user_state& user) {
  parted_value value;
  encode(user, value);
  return value;
}

std::string encoded(const user_state& user) { return parts_of(user).bytes; }

/// One name that very many share: a session with long ids and a hit every ten minutes.
void share(user_fixture& f, int from, int to) {
  for (int i = from; i < to; ++i) {
    const auto time = noon + i * 10 * minute;
    auto n =
        news_of("topic_web_events|a-shop-of-twenty-ch|" + std::string(200, 'x') + std::to_string(i), time);
    n.hits = {hit_of(i % 2 ? "buy" : "pair", 1, time, i)};
    f.take(n);
  }
}

user_state some() {
  user_fixture f;
  for (int i = 0; i < 5; ++i) {
    auto n = news_of("s" + std::to_string(i), noon + i * hour);
    n.hits = {hit_of("buy", 1, noon + i * hour, i), hit_of("pair", 2, noon + i * hour + second, 9)};
    f.take(n);
  }
  f.settle(noon + 2 * hour);
  return f.user;
}

}  // namespace

TEST_CASE("a user's bytes are as documented") {
  user_state user;
  auto& s = user.sessions.emplace_back();
  s.id.key = "k";
  s.started_at = 1'000;
  s.ended_at = 61'000;
  s.page_views = 2;
  s.engaged = true;
  CHECK(encoded(user) == std::string("\x02\x00\x01\x00\x01\x01k\x00\xd0\x0f\xc0\xa9\x07\x02\x00\x01", 16));
}

TEST_CASE("a user comes back whole") {
  const auto user = some();
  CHECK(user.settled.has_value());
  CHECK(user.hits.size() > 1);
  CHECK(decode_user_state(encoded(user)) == user);
  CHECK(decode_user_state(encoded({})).empty());
}

TEST_CASE("bytes of a user that are cut short, too long or of another version are refused") {
  const auto bytes = encoded(some());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_THROWS_AS(decode_user_state(std::string_view(bytes).substr(0, size)), decode_error);
  CHECK_THROWS_AS(decode_user_state(bytes + 'x'), decode_error);
  CHECK_THROWS_AS(decode_user_state("\x01" + bytes.substr(1)), decode_error);
}

TEST_CASE("a user whom very many share comes in parts, none of them large, and whole") {
  user_fixture f;
  share(f, 0, 3'000);
  const auto value = parts_of(f.user);
  CHECK(value.bytes.size() > 500'000);
  REQUIRE(value.cuts.size() > 20);
  CHECK(value.head().size() < 200);
  for (std::size_t i = 0; i < value.cuts.size(); ++i) {
    CHECK(value.part(i).size() < 20'000);
    if (i > 0) CHECK(value.cuts[i - 1].name < value.cuts[i].name);
  }
  CHECK(decode_user_state(value.bytes) == f.user);
  const auto outline = decode_user_outline(value.head());
  CHECK(outline.sessions == open_sessions_kept);
  CHECK(outline.hits == 3'000);
  CHECK(outline.settled == f.user.settled);
}

TEST_CASE("a session changes few parts of a large user, and so does what is forgotten") {
  user_fixture f;
  share(f, 0, 2'000);
  const auto changed_since = [&](const parted_value& old) {
    const auto now = parts_of(f.user);
    std::map<std::uint64_t, std::string_view> was;
    for (std::size_t i = 0; i < old.cuts.size(); ++i) was[old.cuts[i].name] = old.part(i);
    int changed = 0;
    for (std::size_t i = 0; i < now.cuts.size(); ++i) changed += was[now.cuts[i].name] != now.part(i);
    return changed;
  };
  auto before = parts_of(f.user);
  share(f, 2'000, 2'001);
  CHECK(changed_since(before) <= 4);
  before = parts_of(f.user);
  f.settle(noon + 1'500 * 10 * minute);
  CHECK(f.user.sessions.size() == 501);
  CHECK(changed_since(before) <= 5);
}

TEST_CASE("what stands in a user's bytes out of order is refused") {
  user_fixture f;
  share(f, 0, 2);
  auto user = f.user;
  std::swap(user.sessions[0], user.sessions[1]);
  CHECK_THROWS_AS(decode_user_state(encoded(user)), decode_error);
  user = f.user;
  std::swap(user.hits[0], user.hits[1]);
  CHECK_THROWS_AS(decode_user_state(encoded(user)), decode_error);
}
