#pragma once

#include "pipeline/base/codec.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// No session takes fewer bytes.
inline constexpr std::size_t smallest_session = 25;

/// Appends one session; the bytes are documented in session_codec.cpp.
void encode(const session& s, byte_writer& out);
/// Reads it back. Throws decode_error.
session decode_session(byte_reader& in);

}  // namespace weir
