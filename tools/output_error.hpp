#pragma once

#include <stdexcept>

namespace weir {

/// An output that could not be written.
struct output_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace weir
