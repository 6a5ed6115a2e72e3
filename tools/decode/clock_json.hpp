#pragma once

#include "actors/lane_task.hpp"
#include "pipeline/base/json_writer.hpp"

namespace weir {

/// Writes a time of event time: null while there is none yet, `"never again"` at the end of all input.
void write_clock(std::string_view name, std::int64_t time, json_writer& out);
/// Appends the clocks of a report: w, c, a, settled.
void write_report(const clock_report& report, json_writer& out);

}  // namespace weir
