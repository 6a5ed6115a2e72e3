#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pipeline/event/dead_letter.hpp"
#include "pipeline/event/web_fields.hpp"
#include "pipeline/event/web_record.hpp"

namespace weir {

/// What is wrong with a value of that form, nothing when it is right. Whether a text or number is a time or
/// names an event type is for the caller to see. events.md, "Validation".
std::optional<reason> judge(const json_value& value, form form);

/// The time that an integer is; false when it is none or no integer.
bool parse_integer_time(const json_value& value, std::int64_t& milliseconds);

/// What came, for a fault's message: of what is too long its length, else the value, shortened.
std::string got(const web_record& record, const json_value& value, reason why);

}  // namespace weir
