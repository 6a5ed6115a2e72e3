#pragma once

#include <string>
#include <string_view>

#include "actors/clock_report.hpp"
#include "pipeline/base/json_writer.hpp"

namespace weir {

/// Writes a time of event time: null while there is none yet, `"never again"` at the end of all input.
void write_clock(std::string_view name, std::int64_t time, json_writer& out);
/// Appends the clocks of a report: w, c, a, settled.
void write_report(const clock_report& report, json_writer& out);
/// A record of weir.sessions or weir.partials that carries the clocks of a task. Throws decode_error.
std::string clock_json(std::string_view key, std::string_view value);

}  // namespace weir
