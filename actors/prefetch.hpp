#pragma once

#include <cstddef>

namespace weir {

/// Asks for memory that will be read soon, a cache line at a time. It need not be there any more.
inline void prefetch(const void* memory, std::size_t bytes) {
  constexpr std::size_t cache_line = 64;
  const auto* at = static_cast<const char*>(memory);
  for (std::size_t done = 0; done < bytes; done += cache_line) __builtin_prefetch(at + done);
}

}  // namespace weir
