#include "pipeline/sketch/cardinality.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace weir {

namespace {

using histogram = std::array<std::uint32_t, 256>;

/// Four counters a value, so that runs of equal registers do not wait for one another. A multiple of four
/// registers.
histogram count_values(std::span<const std::uint8_t> registers) {
  std::array<histogram, 4> counts{};
  for (std::size_t i = 0; i < registers.size(); i += 4)
    for (std::size_t lane = 0; lane < 4; ++lane) ++counts[lane][registers[i + lane]];
  for (std::size_t value = 0; value < counts[0].size(); ++value)
    counts[0][value] += counts[1][value] + counts[2][value] + counts[3][value];
  return counts[0];
}

/// x + sum over k >= 1 of x^(2^k) 2^(k-1): what the registers that are still 0 stand for.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double power = 1, sum = x, before;
  do {
    before = sum;
    x *= x;
    sum += x * power;
    power += power;
  } while (sum != before);
  return sum;
}

/// (1 - x - sum over k >= 1 of (1 - x^(2^-k))^2 2^-k) / 3: what the registers that are full stand for.
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double power = 1, sum = 1 - x, before;
  do {
    before = sum;
    x = std::sqrt(x);
    power *= 0.5;
    sum -= (1 - x) * (1 - x) * power;
  } while (sum != before);
  return sum / 3;
}

}  // namespace

std::uint64_t estimate_cardinality(std::span<const std::uint8_t> registers, unsigned rank_bits) {
  const auto m = static_cast<double>(registers.size());
  const auto counts = count_values(registers);
  double z = m * tau(1 - counts[rank_bits + 1] / m);
  for (unsigned rank = rank_bits; rank >= 1; --rank) z = 0.5 * (z + counts[rank]);
  z += m * sigma(counts[0] / m);
  const double estimate = m * m / (2 * std::numbers::ln2 * z);
  return estimate < 0x1p63 ? static_cast<std::uint64_t>(std::llround(estimate)) : ~std::uint64_t{0};
}

}  // namespace weir
