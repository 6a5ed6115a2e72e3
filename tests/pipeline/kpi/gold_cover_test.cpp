#include "pipeline/kpi/gold_cover.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace weir;

namespace {

constexpr std::int64_t five = 300'000, hour = 12 * five, day = 24 * hour;

gold_window window(std::int64_t start, bool final = true) {
  return {start, start + five, granularity::five_minutes, final, final, false, 0};
}
gold_window hour_of(std::int64_t start, bool final = true) {
  return {start, start + hour, granularity::hour, final, final, false, 0};
}
gold_window day_of(std::int64_t start, bool final = true) {
  return {start, start + day, granularity::day, final, final, false, 0};
}

}  // namespace

TEST_CASE("of windows within each other the longest final one counts") {
  const std::vector windows{window(0), day_of(0), hour_of(0), window(five), window(day)};
  CHECK(gold_cover(windows) == std::vector{day_of(0), window(day)});
}

TEST_CASE("a roll-up that is not final gives way to what is within it") {
  const std::vector windows{
      day_of(0, false),     hour_of(0),          window(0),           window(five),
      hour_of(hour, false), window(hour, false), window(hour + five), hour_of(2 * hour, false)};
  CHECK(gold_cover(windows) ==
        std::vector{hour_of(0), window(hour, false), window(hour + five), hour_of(2 * hour, false)});
}

TEST_CASE("a roll-up that is not final is taken where there is nothing else") {
  CHECK(gold_cover({day_of(0, false)}) == std::vector{day_of(0, false)});
  CHECK(gold_cover({}).empty());
}

TEST_CASE("windows side by side all count, whatever their order") {
  std::vector<gold_window> windows;
  for (std::int64_t i = -20; i < 20; ++i) windows.push_back(window(i * five, i % 2 == 0));
  const auto want = windows;
  std::shuffle(windows.begin(), windows.end(), std::mt19937(1));
  CHECK(gold_cover(windows) == want);
}

TEST_CASE("windows that overlap without one holding the other are refused") {
  const gold_window local{hour, day + hour, granularity::local_day, true, true, false, 0};
  CHECK_THROWS_AS(gold_cover({day_of(0), local}), gold_merge_error);
  CHECK_THROWS_AS(gold_cover({day_of(0, false), hour_of(0), local}), gold_merge_error);
}
