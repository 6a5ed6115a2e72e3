#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

std::string bytes_of(const key_state& key) {
  parted_value value;
  encode(key, value);
  return value.bytes;
}

std::string hex(std::string_view bytes) {
  std::string result;
  for (const unsigned char c : bytes) {
    result += "0123456789abcdef"[c >> 4];
    result += "0123456789abcdef"[c & 15];
  }
  return result;
}

void fill_fully(session_fixture& f) {
  f.settings.goals = {{"g", {{}, "", "/3", 0}, false}};
  f.settings.funnels = {{"f", funnel::reach::session, hour, {{"a", {{}, "", "/*", 0}}}}};
  for (int i = 0; i < 230; ++i) f.give_view(noon + i * second, "/" + std::to_string(i));
  auto e = f.view(noon);
  e[text::user_id] = "u";
  e[text::referrer] = "https://www.google.com/?q=x";
  f.give(e);
  auto half = f.make(event_type::scroll, noon, "/1");
  half.set(number::scroll_depth, 12.5);
  f.give(half);
  f.give_view(noon + 50 * minute, "/later");
  f.pass(noon + 55 * minute);
}

}  // namespace

TEST_CASE("the state of a key without anything is a version and two counts") {
  CHECK(hex(bytes_of({})) == "030000");
  CHECK(decode_key_state(bytes_of({})).empty());
}

TEST_CASE("the documented example is what is written") {
  session_fixture f;
  f.next_offset = 100;
  auto e = f.view(noon, "/a");
  e[text::user_id] = "u";
  f.give(e);
  f.give_view(noon + minute, "/b");
  CHECK(hex(bytes_of(f.key)) ==
        "03018088a9ce9863c0a9070000"
        "020002"
        "010002020000000000000000000001c80100020200"
        "00000100c8010175"
        "0200000828646972656374290664697265637406286e6f6e652900"
        "000200a07203fd72379fc5c0a907efea503b02247e1f"
        "022f61c8010100022f62020100"
        "000001c0a9070202");
}

TEST_CASE("a state is read back as it was") {
  session_fixture f;
  fill_fully(f);
  const auto bytes = bytes_of(f.key);
  const auto copy = decode_key_state(bytes);
  CHECK(bytes_of(copy) == bytes);
  REQUIRE(copy.sessions.size() == 2);
  const auto &a = copy.sessions[0], &b = f.key.sessions[0];
  CHECK(a.pages.size() == b.pages.size());
  CHECK(a.exit->path == b.exit->path);
  CHECK(a.paths[1].deepest_scroll == 12.5);
  CHECK(a.goals == b.goals);
  CHECK(a.hits == b.hits);
  CHECK(a.closed);
  CHECK(a.revision == 1);
  CHECK(a.came_from().source == "Google");
  CHECK(a.came_from().term == "x");
  CHECK(a.referrer_host.value == "google.com");
  CHECK(a.scalar_value(scalar::user_id) == "u");
}

TEST_CASE("a small state is whole; a larger one has a head that tells what timers need") {
  session_fixture f;
  f.give_view(noon, "/a");
  parted_value value;
  encode(f.key, value);
  CHECK(value.cuts.empty());
  fill_fully(f);
  for (const std::size_t size : {1, 600}) {
    auto e = f.view(noon + 52 * minute - static_cast<std::int64_t>(size) * second);
    e[text::visitor_id] = f.keep(std::string(size, 'v'));
    f.give(e);
    value.clear();
    encode(f.key, value);
    CHECK(value.cuts.size() > 25);
    CHECK(value.head().size() <= 512);
    const auto outline = decode_key_outline(value.head());
    REQUIRE(outline.sessions.size() == f.key.sessions.size());
    CHECK(outline.sessions[1].first == f.key.sessions[1].first);
    CHECK(f.life().next_close(outline) == f.life().next_close(f.key));
    CHECK(f.life().next_forget(outline) == f.life().next_forget(f.key));
  }
}

TEST_CASE("an ordinary session takes well under a kibibyte") {
  session_fixture f;
  f.next_offset = 10'000'000;
  for (int i = 0; i < 15; ++i) {
    const auto path = "/category/boots/product-" + std::to_string(i / 2);
    auto e =
        i % 2 == 0 ? f.view(noon + i * 17'123, path) : f.make(event_type::click, noon + i * 17'123, path);
    e[text::visitor_id] = "6fa459ea-ee8a-3ca4-894e-db77e160355e";
    e[text::user_id] = "user-1234567";
    e[text::browser] = "Firefox";
    e[text::os] = "Windows";
    e[text::country] = "DE";
    e[text::region] = "BW";
    e.set(number::screen_width, 1920);
    e[text::referrer] = i == 0 ? "https://www.google.com/" : "https://shop.example/";
    f.give(e);
    f.next_offset += 20'000;
  }
  const auto size = bytes_of(f.key).size();
  MESSAGE("8 views, 15 ids: ", size, " bytes");
  CHECK(size < 700);
}

TEST_CASE("a state cut short anywhere is refused") {
  session_fixture f;
  fill_fully(f);
  const auto bytes = bytes_of(f.key);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    CHECK_THROWS_AS(decode_key_state(std::string_view(bytes).substr(0, n)), decode_error);
  CHECK_THROWS_AS(decode_key_state(bytes + "x"), decode_error);
}

TEST_CASE("another version is refused") {
  auto bytes = bytes_of({});
  bytes[0] = 1;
  CHECK_THROWS_AS(decode_key_state(bytes), decode_error);
}

TEST_CASE("what no session can hold is refused") {
  session_fixture f;
  fill_fully(f);
  const auto good = f.key;
  REQUIRE_NOTHROW(decode_key_state(bytes_of(good)));
  for (const auto depth : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    auto bad = good;
    bad.sessions[0].max_scroll_depth = depth;
    CHECK_THROWS_AS(decode_key_state(bytes_of(bad)), decode_error);
  }
  auto bytes = bytes_of(good);
  const std::string half("\0\0\0\0\0\0\x29\x40", 8);  // 12.5
  const auto at = bytes.find(half);
  REQUIRE(at != std::string::npos);
  bytes.replace(at, 8, std::string("\0\0\0\0\0\0\x29\xc0", 8));
  CHECK_THROWS_AS(decode_key_state(bytes), decode_error);
}

TEST_CASE("a text that a state says is carried is not empty") {
  session_fixture f;
  auto e = f.view(noon);
  e[text::user_id] = "uvwxyz";
  f.give(e);
  auto bytes = bytes_of(f.key);
  const auto at = bytes.find("\6uvwxyz");
  REQUIRE(at != std::string::npos);
  bytes.replace(at, 7, 1, '\0');
  CHECK_THROWS_AS(decode_key_state(bytes), decode_error);
}

TEST_CASE("garbage is refused or read as some state that lives on, never worse") {
  session_fixture f;
  for (int i = 0; i < 5; ++i) f.give_view(noon + i * 20 * minute, "/" + std::to_string(i));
  const auto good = bytes_of(f.key);
  std::mt19937 random(4);
  for (int round = 0; round < 20'000; ++round) {
    auto bad = good;
    for (auto n = 1 + random() % 4; n > 0; --n) bad[random() % bad.size()] = static_cast<char>(random());
    try {
      auto key = decode_key_state(bad);
      const auto again = bytes_of(key);
      CHECK(bytes_of(decode_key_state(again)) == again);
    } catch (const decode_error&) {
    }
  }
}
