#pragma once

#include <cstdint>

namespace weir {

/// Sums and differences that wrap around instead of being undefined: money of absurd amounts still commutes,
/// and differences of decoded times that no one wrote do no harm.
constexpr std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t wrapping_sub(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

/// True when a decoded time leaves room to add durations to it: some 285,000 years each way.
constexpr bool plausible(std::int64_t time) {
  return -(std::int64_t{1} << 53) < time && time < std::int64_t{1} << 53;
}

}  // namespace weir
