#include <doctest/doctest.h>

#include "pipeline/base/codec.hpp"
#include "tests/pipeline/users/user_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

std::string encoded(const user_state& user) {
  std::string bytes;
  encode(user, bytes);
  return bytes;
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
  CHECK(encoded(user) == std::string("\x01\x00\x01\x01k\x00\xd0\x0f\xc0\xa9\x07\x02\x00\x01\x00\x00", 16));
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
  CHECK_THROWS_AS(decode_user_state("\x02" + bytes.substr(1)), decode_error);
}
