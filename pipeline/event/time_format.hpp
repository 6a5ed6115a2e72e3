#pragma once

#include <cstdint>
#include <string_view>

namespace weir {

/// Parses an RFC 3339 time (any offset, `T` and `Z` in either case, 0 to 9 fractional digits, cut to 3;
/// second 60 is the next second) to milliseconds since the epoch. Returns false when it is none.
bool parse_rfc3339(std::string_view text, std::int64_t& milliseconds);

/// Milliseconds of an integer: 13 digits are milliseconds, 10 digits are seconds. Returns false for any
/// other.
bool parse_epoch(std::uint64_t number, std::int64_t& milliseconds);

/// Parses a time of events.md: RFC 3339, or 13 or 10 digits. Returns false when it is none.
bool parse_time(std::string_view text, std::int64_t& milliseconds);

/// Parses the time of an access log, `18/Feb/2024:10:30:00 +0000`, to milliseconds. Returns false when it is
/// none.
bool parse_log_time(std::string_view text, std::int64_t& milliseconds);

}  // namespace weir
