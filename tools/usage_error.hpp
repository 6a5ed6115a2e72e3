#pragma once

#include <stdexcept>

namespace weir {

/// Options that cannot be followed: status 2.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace weir
