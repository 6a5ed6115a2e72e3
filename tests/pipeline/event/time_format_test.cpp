#include "pipeline/event/time_format.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace weir;

namespace {

constexpr std::int64_t none = std::numeric_limits<std::int64_t>::min();

std::int64_t rfc3339(std::string_view text) {
  std::int64_t time = none;
  return parse_rfc3339(text, time) ? time : none;
}

std::int64_t any(std::string_view text) {
  std::int64_t time = none;
  return parse_time(text, time) ? time : none;
}

std::int64_t log(std::string_view text) {
  std::int64_t time = none;
  return parse_log_time(text, time) ? time : none;
}

}  // namespace

TEST_CASE("an RFC 3339 time has a date, a time and an offset") {
  CHECK(rfc3339("2024-02-18T10:30:00.250Z") == 1708252200250);
  CHECK(rfc3339("2024-02-18t10:30:00z") == 1708252200000);
  CHECK(rfc3339("2024-02-18T12:30:00+02:00") == 1708252200000);
  CHECK(rfc3339("2024-02-18T04:45:00-05:45") == 1708252200000);
  CHECK(rfc3339("1970-01-01T00:00:00-00:00") == 0);
  CHECK(rfc3339("1969-12-31T23:59:59.999Z") == -1);
  CHECK(rfc3339("2024-02-29T00:00:00Z") == 1709164800000);
}

TEST_CASE("a fraction has 1 to 9 digits and is cut to 3") {
  CHECK(rfc3339("2024-02-18T10:30:00.2Z") == 1708252200200);
  CHECK(rfc3339("2024-02-18T10:30:00.25Z") == 1708252200250);
  CHECK(rfc3339("2024-02-18T10:30:00.250999999Z") == 1708252200250);
  CHECK(rfc3339("2024-02-18T10:30:00.2509999999Z") == none);
  CHECK(rfc3339("2024-02-18T10:30:00.Z") == none);
  CHECK(rfc3339("1969-12-31T23:59:58.0019Z") == -1999);
}

TEST_CASE("second 60 is the next second") {
  CHECK(rfc3339("2024-02-18T10:29:60Z") == 1708252200000);
  CHECK(rfc3339("2023-12-31T23:59:60.5Z") == 1704067200500);
  CHECK(rfc3339("2024-02-18T10:29:61Z") == none);
}

TEST_CASE("what is no time is refused") {
  for (const auto* bad : {"",
                          "2024",
                          "2024-02-18",
                          "2024-02-18T10:30:00",
                          "2024-02-18 10:30:00Z",
                          "2024-02-18T10:30Z",
                          "2024-02-30T10:30:00Z",
                          "2023-02-29T10:30:00Z",
                          "2024-13-01T10:30:00Z",
                          "2024-00-01T10:30:00Z",
                          "2024-02-00T10:30:00Z",
                          "2024-02-18T24:00:00Z",
                          "2024-02-18T10:60:00Z",
                          "2024-02-18T10:30:00+24:00",
                          "2024-02-18T10:30:00+01:60",
                          "2024-02-18T10:30:00+0100",
                          "2024-02-18T10:30:00Zx",
                          "2024-2-18T10:30:00Z",
                          " 2024-02-18T10:30:00Z",
                          "-024-02-18T10:30:00Z",
                          "2024-02-18T10:30:00,5Z",
                          "2024-02-18T10:30:00+1:00"})
    CHECK_MESSAGE(rfc3339(bad) == none, bad);
}

TEST_CASE("13 digits are milliseconds, 10 are seconds") {
  CHECK(any("1708252200250") == 1708252200250);
  CHECK(any("1708252200") == 1708252200000);
  CHECK(any("2024-02-18T10:30:00.250Z") == 1708252200250);
  for (const auto* bad :
       {"", "170825220", "17082522002", "170825220025", "17082522002500", "-708252200", "1708252200.", "x"})
    CHECK_MESSAGE(any(bad) == none, bad);
}

TEST_CASE("an access log's time has an English month and an offset") {
  CHECK(log("18/Feb/2024:10:30:00 +0000") == 1708252200000);
  CHECK(log("18/Feb/2024:05:30:00 -0500") == 1708252200000);
  CHECK(log("31/Dec/2023:23:59:60 +0000") == 1704067200000);
  for (const auto* bad :
       {"", "30/Feb/2024:10:30:00 +0000", "18/feb/2024:10:30:00 +0000", "18/Foo/2024:10:30:00 +0000",
        "18/Feb/2024 10:30:00 +0000", "18/Feb/2024:10:30:00", "18/Feb/2024:25:30:00 +0000",
        "18/Feb/2024:10:30:00 +00:00", "18/anF/2024:10:30:00 +0000", "18/Feb/2024:10:30:00 +0000 "})
    CHECK_MESSAGE(log(bad) == none, bad);
}
