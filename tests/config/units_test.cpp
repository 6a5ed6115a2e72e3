#include "config/units.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace weir;
using namespace weir::config;

TEST_CASE("a duration is a whole number and a unit, or 0") {
  CHECK(parse_duration("500ms") == 500);
  CHECK(parse_duration("30s") == 30'000);
  CHECK(parse_duration("5m") == 300'000);
  CHECK(parse_duration("24h") == 86'400'000);
  CHECK(parse_duration("7d") == 604'800'000);
  CHECK(parse_duration("0") == 0);
  CHECK(parse_duration("0s") == 0);
}

TEST_CASE("what is no duration is not read as one") {
  for (const auto* text :
       {"", "s", "5", "1.5s", "-5s", "5 s", "5S", "5sec", "1h30m", "99999999999999999999s", "36501d"})
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("a size is a whole number and a binary unit, or bytes") {
  CHECK(parse_size("64MiB") == 64U << 20);
  CHECK(parse_size("900KiB") == 900U << 10);
  CHECK(parse_size("2GiB") == 2ULL << 30);
  CHECK(parse_size("17B") == 17);
  CHECK(parse_size("4096") == 4096);
  for (const auto* text : {"", "MiB", "64MB", "64mib", "1.5MiB", "-1B", "1024TiB"})
    CHECK_FALSE(parse_size(text));
}

TEST_CASE("durations and sizes are written in their largest whole unit") {
  CHECK(format_duration(90'000) == "90s");
  CHECK(format_duration(3'600'000) == "1h");
  CHECK(format_duration(0) == "0");
  CHECK(format_duration(unlimited) == "off");
  CHECK(format_size(900 << 10) == "900KiB");
  CHECK(format_size(1) == "1B");
}

TEST_CASE("what is written is read back") {
  CHECK(rc::check("durations", [] {
    const auto x = *rc::gen::inRange<millis>(0, 1'000'000'000'000);
    RC_ASSERT(parse_duration(format_duration(x)) == x);
  }));
  CHECK(rc::check("sizes", [] {
    const auto x = *rc::gen::inRange<std::uint64_t>(0, 1ULL << 49);
    RC_ASSERT(parse_size(format_size(x)) == x);
  }));
}
