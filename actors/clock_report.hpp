#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "state/checkpoint/epoch_record.hpp"

namespace weir {

/// What a task tells all that is downstream of it. topology.md, "Clocks across stages".
struct clock_report {
  std::int64_t w = task_clocks::no_time, c = task_clocks::no_time;
  std::int64_t a = task_clocks::no_time, settled = task_clocks::no_time;
  bool operator==(const clock_report&) const = default;
};

/// "Never again": what clocks are once input has ended.
inline constexpr std::int64_t end_of_time = std::int64_t{1} << 60;

/// Keys of records that carry clocks begin so, in weir.sessions and weir.partials; the task's name follows.
inline constexpr std::string_view clock_key_prefix = "~clock|";

void encode(const clock_report& report, std::string& out);
/// Throws decode_error.
clock_report decode_clock_report(std::string_view bytes);

/// The lower, and the higher, of each of the clocks.
clock_report lowest(const clock_report& a, const clock_report& b);
clock_report highest(const clock_report& a, const clock_report& b);

}  // namespace weir
