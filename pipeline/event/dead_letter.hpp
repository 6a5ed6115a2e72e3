#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/log/record.hpp"

namespace weir {

/// Why a record became a dead letter. events.md, "Validation".
enum class reason : std::uint8_t {
  malformed_json,
  malformed_avro,
  malformed_log,
  unknown_schema,
  oversize,
  too_deep,
  not_an_object,
  missing_field,
  wrong_type,
  out_of_range,
  unknown_event_type,
  invalid_timestamp,
  timestamp_in_future,
  timestamp_too_old,
  invalid_url,
  internal_error,
  count_
};
std::string_view to_string(reason why);

/// What was wrong with a record.
struct fault {
  reason why = reason::malformed_json;
  std::string_view field;  // a constant; empty when it is the whole record
  std::string message;     // what was expected and what came
};

/// Where a record stood.
struct record_source {
  std::string_view topic;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  std::int64_t timestamp = 0;  // broker time, milliseconds
  std::string_view key = {};   // of state whose timer failed: no record stood there, many may share an offset
};

/// What is longer is cut.
inline constexpr std::size_t dead_letter_max_payload = 256 * 1024;

/// Writes a dead letter to weir.dlq: key `topic|partition|offset`, of a timer `topic|partition|-1|key`, value
/// JSON as events.md says. A payload over 256 KiB is cut (`payload_truncated`); one that is not UTF-8 goes as
/// base64 (`payload_encoding`); without one the letter says so (`payload_withheld`).
void write_dead_letter(const fault& what, const record_source& from, std::optional<std::string_view> payload,
                       outbox& out);

}  // namespace weir
