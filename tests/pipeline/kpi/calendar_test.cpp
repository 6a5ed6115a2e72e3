#include "pipeline/kpi/calendar.hpp"

#include <doctest/doctest.h>

using namespace weir;

namespace {

constexpr std::int64_t hour = 3'600'000;

/// The local day of a window, as hours from its start to its end; the window lies in it.
std::int64_t hours_of_day(std::int64_t window, std::string_view timezone) {
  const auto spans = rollups_of(window, timezone);
  REQUIRE(spans.size() == 3);
  CHECK(spans[2].size == granularity::local_day);
  CHECK(spans[2].start <= window);
  CHECK(window < spans[2].end);
  return (spans[2].end - spans[2].start) / hour;
}

}  // namespace

TEST_CASE("a window belongs to its hour and its day, UTC, and to no local day where the clock is UTC") {
  constexpr std::int64_t window = 1'710'001'500'000;  // 2024-03-09T16:25:00Z
  for (const auto* zone : {"UTC", ""}) {
    const auto spans = rollups_of(window, zone);
    REQUIRE(spans.size() == 2);
    CHECK(spans[0].start == 1'710'000'000'000);
    CHECK(spans[0].end == spans[0].start + hour);
    CHECK(spans[1].start == 1'709'942'400'000);
    CHECK(spans[1].end == spans[1].start + 24 * hour);
  }
  CHECK(rollups_of(-300'000, "UTC")[0].start == -hour);
}

TEST_CASE("a local day runs from midnight to midnight where the site is") {
  const auto day = rollups_of(1'710'001'500'000, "Asia/Kolkata")[2];  // five and a half hours ahead
  CHECK(day.start == 1'709'922'600'000);                              // 2024-03-08T18:30:00Z
  CHECK(day.end == day.start + 24 * hour);
  CHECK(rollups_of(day.end - 300'000, "Asia/Kolkata")[2].start == day.start);
  CHECK(rollups_of(day.end, "Asia/Kolkata")[2].start == day.end);
}

TEST_CASE("a local day has 23 or 25 hours when clocks change") {
  CHECK(hours_of_day(1'710'054'000'000, "America/New_York") == 23);  // 10 March 2024
  CHECK(hours_of_day(1'730'635'200'000, "America/New_York") == 25);  // 3 November 2024
  CHECK(hours_of_day(1'710'140'400'000, "America/New_York") == 24);
}

TEST_CASE("a day whose midnight does not exist begins when the clocks have changed") {
  // Beirut, 31 March 2024: from 00:00 to 01:00.
  const auto day = rollups_of(1'711'872'000'000, "Asia/Beirut")[2];
  CHECK(day.start == 1'711'836'000'000);  // 2024-03-30T22:00:00Z
  CHECK(day.end - day.start == 23 * hour);
  CHECK(rollups_of(day.start - 300'000, "Asia/Beirut")[2].end == day.start);
}
