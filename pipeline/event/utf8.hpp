#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// Bytes of the code point that begins at `text[at]`; 0 when what stands there is not UTF-8 (overlong forms
/// and surrogates are not) or `at` is the end.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// True when the text is UTF-8.
bool is_utf8(std::string_view text);

/// Code points of a text that is UTF-8.
std::size_t code_points(std::string_view text);

/// The longest beginning of a UTF-8 text that has at most `bytes` bytes and cuts no code point.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes);

/// The text with U+FFFD for each byte that is not UTF-8.
std::string to_utf8(std::string_view text);

}  // namespace weir
