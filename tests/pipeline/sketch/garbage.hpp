#pragma once

#include <rapidcheck.h>

#include <string>

#include "pipeline/base/codec.hpp"

namespace weir::test {

template <class Sketch>
std::string encoded(const Sketch& sketch) {
  std::string bytes;
  byte_writer out(bytes);
  sketch.encode(out);
  return bytes;
}

/// Decodes all of the bytes; throws `decode_error`, also when some are left over.
template <class Sketch>
Sketch decoded(std::string_view bytes) {
  byte_reader in(bytes);
  auto sketch = Sketch::decode(in);
  in.finish();
  return sketch;
}

/// The bytes are refused with `decode_error`, or are a sketch that survives its own encoding and needs little
/// memory.
template <class Sketch>
bool refused_or_sound(std::string_view bytes, std::size_t memory_limit) {
  try {
    const auto sketch = decoded<Sketch>(bytes);
    return sketch.memory() <= memory_limit && decoded<Sketch>(encoded(sketch)) == sketch;
  } catch (const decode_error&) {
    return true;
  }
}

/// Bytes of a sketch with a few of them changed, cut off or added.
inline std::string damaged(std::string bytes) {
  const auto hits = *rc::gen::inRange(0, 4);
  for (int i = 0; i < hits && !bytes.empty(); ++i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  if (*rc::gen::arbitrary<bool>()) bytes.resize(*rc::gen::inRange<std::size_t>(0, bytes.size() + 3));
  return bytes;
}

/// Any bytes, behind a valid version.
inline std::string versioned_noise() { return '\x01' + *rc::gen::arbitrary<std::string>(); }

}  // namespace weir::test
