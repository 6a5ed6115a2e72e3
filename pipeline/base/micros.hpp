#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

/// Reads a decimal with up to 6 digits behind the point, as json_writer::micros writes it, as an integer of
/// 10^-6: exact, whatever its size. Nothing when it is of another form, or too large.
std::optional<std::int64_t> parse_micros(std::string_view text);

}  // namespace weir
