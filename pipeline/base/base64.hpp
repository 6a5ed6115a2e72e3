#pragma once

#include <string>
#include <string_view>

namespace weir {

/// Appends bytes as base64 (RFC 4648, section 4: `+`, `/`, padded with `=`).
void append_base64(std::string& out, std::string_view bytes);

/// Bytes of a base64 text. Throws decode_error unless it is exactly what `append_base64` writes.
std::string decode_base64(std::string_view text);

}  // namespace weir
