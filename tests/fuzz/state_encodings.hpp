#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::fuzz {

/// One of the encodings that weir reads back from disk, from its own topics or from gold records.
struct state_encoding {
  const char* name;
  /// Bytes that a decoder may ask for, for each byte of input: what the smallest thing takes that a byte or
  /// two can announce.
  std::size_t amplification;
  /// Decodes all of the bytes, checks what can be compared, and encodes again. Throws decode_error (or
  /// gold_merge_error) when they are of another form, and nothing else.
  std::string (*again)(std::string_view bytes);
  /// Encodings of real values.
  std::vector<std::string> (*seeds)();
};

std::span<const state_encoding> state_encodings();

/// Ends the program when it does not hold.
void demand(bool holds, const char* what, const char* where);

}  // namespace weir::fuzz
