#pragma once

#include <cstddef>
#include <string_view>

namespace weir {

/// What a strict reading of JSON in the order of its bytes came to.
struct json_scan {
  enum class verdict { valid, malformed, too_deep };
  verdict what = verdict::valid;
  std::size_t at = 0;              // the byte at which it was decided
  std::string_view expected = {};  // of malformed: what should have stood there
};

/// Reads a text strictly (RFC 8259; UTF-8, no lone surrogates, no trailing text; integers within [-2^63,
/// 2^64), other numbers within a double) until it ends, is malformed or opens a level beyond `max_depth`,
/// whichever comes first. The outermost object or array is level 1.
///
/// It is slower than the parser of `web_decoder` and only asked when that one refuses a record, because it
/// alone knows which of two faults comes first.
json_scan scan_json(std::string_view text, std::size_t max_depth);

/// True for one JSON object of any depth, read likewise.
bool is_json_object(std::string_view text);

}  // namespace weir
