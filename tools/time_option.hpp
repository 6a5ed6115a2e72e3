#pragma once

#include <cstdint>
#include <string>

namespace weir {

/// Milliseconds of a time that an option gives: RFC 3339, a date (its midnight UTC) or milliseconds since the
/// epoch; `otherwise` when it is empty. Throws usage_error, which names the option.
std::int64_t time_option(const char* option, const std::string& text, std::int64_t otherwise);

}  // namespace weir
