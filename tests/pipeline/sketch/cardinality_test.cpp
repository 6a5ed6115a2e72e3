#include "pipeline/sketch/cardinality.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace weir;

namespace {

constexpr std::size_t register_count = 1 << 14;
constexpr unsigned rank_bits = 50;

/// Registers as so many random hashes leave them, without the hashes: P(value <= k) = exp(-n / m 2^-k).
std::vector<std::uint8_t> drawn_registers(double distinct, std::mt19937_64& random) {
  std::uniform_real_distribution<double> uniform(1e-300, 1);
  std::vector<std::uint8_t> registers(register_count);
  for (auto& value : registers) {
    const double rank = std::ceil(-std::log2(-std::log(uniform(random)) / (distinct / register_count)));
    value = static_cast<std::uint8_t>(std::min(std::max(rank, 0.0), rank_bits + 1.0));
  }
  return registers;
}

}  // namespace

TEST_CASE("registers that are all 0 stand for nothing") {
  CHECK(estimate_cardinality(std::vector<std::uint8_t>(register_count), rank_bits) == 0);
}

TEST_CASE("registers that are all full stand for more than can be said") {
  const std::vector<std::uint8_t> full(register_count, rank_bits + 1);
  CHECK(estimate_cardinality(full, rank_bits) == ~std::uint64_t{0});
}

TEST_CASE("a single register that is set stands for one") {
  std::vector<std::uint8_t> registers(register_count);
  registers[77] = 1;
  CHECK(estimate_cardinality(registers, rank_bits) == 1);
}

TEST_CASE("the estimate holds over the whole range of cardinalities") {
  std::mt19937_64 random(7);
  constexpr int sets = 16;
  for (double distinct = 1024; distinct < 1e17; distinct *= 8) {
    CAPTURE(distinct);
    double sum = 0, squares = 0;
    for (int set = 0; set < sets; ++set) {
      const auto estimate = estimate_cardinality(drawn_registers(distinct, random), rank_bits);
      const double error = double(estimate) / distinct - 1;
      sum += error;
      squares += error * error;
    }
    // A Poisson number of hashes adds a deviation of its own, 1 / sqrt(n), to the 0.81 %.
    const double expected = std::sqrt(0.0081 * 0.0081 + 1 / distinct);
    CHECK(std::sqrt(squares / sets) < 1.6 * expected);
    CHECK(std::fabs(sum / sets) < 3.5 * expected / std::sqrt(sets));
  }
}
