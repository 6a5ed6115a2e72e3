#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/kpi/family.hpp"

namespace weir {

/// A stretch of event time that has records of its own.
struct span_of_time {
  granularity size = granularity::five_minutes;
  std::int64_t start = 0, end = 0;  // milliseconds, end exclusive
};

/// The roll-ups that a five-minute window belongs to: its hour and day, UTC, and for a site with a time zone
/// other than UTC its local day.
std::vector<span_of_time> rollups_of(std::int64_t window_start, std::string_view timezone);

}  // namespace weir
