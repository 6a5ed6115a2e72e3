#pragma once

#include <string>

#include "pipeline/base/codec.hpp"

namespace weir::fuzz {

/// The bytes of a value that encodes itself.
template <class T>
std::string bytes_of(const T& value) {
  std::string bytes;
  byte_writer out(bytes);
  value.encode(out);
  return bytes;
}

}  // namespace weir::fuzz
