#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/decode/json_fields.hpp"

namespace weir {

/// A record of weir.dlq, read back: a dead letter, or the mark that it has been sent again, which stands
/// under its key and has no payload.
struct dead_letter_view {
  std::string reason, field, message;
  std::string topic;  // where the record stood: kafka.prefix is not put before it
  std::int32_t partition = 0;
  std::int64_t offset = 0;     // -1: no record, a timer failed
  std::int64_t timestamp = 0;  // its broker time, milliseconds
  std::string payload;         // bytes
  bool text = true;            // the payload is UTF-8
  bool truncated = false;
  bool withheld = false;                    // no payload: it may hold what must not be written
  std::optional<std::int64_t> replayed_to;  // of a mark: the offset of the record that was sent again
};

/// Nothing when the text is no dead letter.
std::optional<dead_letter_view> parse_dead_letter(std::string_view text, json_fields& json);

/// The mark that a letter's record has been sent again, at that time, and stands at that offset, as JSON.
std::string replayed_mark(const dead_letter_view& letter, std::int64_t at, std::int64_t offset);

/// The key that the original record had: by contract its session_id, of weir.partials `site|family|shard`;
/// nothing when the payload does not tell.
std::optional<std::string> original_key(const dead_letter_view& letter, json_fields& json);

}  // namespace weir
