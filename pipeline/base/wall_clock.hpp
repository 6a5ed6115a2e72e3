#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// The wall clock, milliseconds since the epoch. What decides content never reads it: see "The law".
inline std::int64_t wall_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace weir
