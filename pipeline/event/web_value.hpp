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

/// What came, for a fault's message, which never shows personal data: of an address or an id of a user, and
/// of an object or array, what kind of value it is; of what is too long its length; else the value,
/// shortened.
std::string got(const web_record& record, web_field field, reason why);

}  // namespace weir
