#include "pipeline/kpi/calendar.hpp"

#include <date/tz.h>

#include <chrono>

namespace weir {

namespace {

constexpr std::int64_t hour = 3'600'000;
constexpr std::int64_t day = 24 * hour;

std::int64_t floor_to(std::int64_t time, std::int64_t size) {
  const auto rest = time % size;
  return time - (rest < 0 ? rest + size : rest);
}

/// From midnight to midnight where the site is: 23 or 25 hours when clocks change.
span_of_time local_day_of(std::int64_t time, std::string_view timezone) {
  using namespace std::chrono;
  const auto* zone = date::locate_zone(std::string(timezone));
  const auto local = zone->to_local(date::sys_time<milliseconds>(milliseconds(time)));
  const auto midnight = date::floor<date::days>(local);
  const auto at = [&](auto local_time) {
    return duration_cast<milliseconds>(zone->to_sys(local_time, date::choose::earliest).time_since_epoch())
        .count();
  };
  return {granularity::local_day, at(midnight), at(midnight + date::days(1))};
}

}  // namespace

std::vector<span_of_time> rollups_of(std::int64_t window_start, std::string_view timezone) {
  const auto hours = floor_to(window_start, hour);
  const auto days = floor_to(window_start, day);
  std::vector<span_of_time> all{{granularity::hour, hours, hours + hour},
                                {granularity::day, days, days + day}};
  if (timezone != "UTC" && !timezone.empty()) all.push_back(local_day_of(window_start, timezone));
  return all;
}

}  // namespace weir
