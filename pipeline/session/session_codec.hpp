#pragma once

#include "pipeline/base/codec.hpp"
#include "pipeline/base/parted_value.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// No session takes fewer bytes.
inline constexpr std::size_t smallest_session = 27;

/// A session is written in three pieces, which are documented in session_codec.cpp; all `decode` functions
/// throw decode_error.
void encode_outline(const session_times& s, byte_writer& out);
void encode_body(const session& s, byte_writer& out);
/// `place` is the session's among those of its key: it decides the names of the parts.
void encode_lists(const session& s, std::size_t place, parted_value& out);

session_times decode_outline(byte_reader& in);
/// Returns what `decode_lists` needs to know.
std::uint64_t decode_body(session& s, byte_reader& in);
void decode_lists(session& s, std::uint64_t from_body, byte_reader& in);

/// Names of parts: which of a value's lists in the upper half, the place in it in the lower one.
constexpr std::uint64_t part_name(std::uint64_t list, std::uint64_t place) {
  return list << 32 | (place & 0xffff'ffff);
}
inline constexpr std::uint64_t bodies_list = 0, ids_list = 1, first_session_list = 2;

}  // namespace weir
