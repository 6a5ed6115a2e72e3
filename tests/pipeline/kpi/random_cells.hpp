#pragma once

#include <random>
#include <string>

#include "pipeline/kpi/cell.hpp"

namespace weir::kpi_test {

/// Some sums, uniques, samples and tops, few or many, some slots empty: a function of the seed.
inline cell random_cell(unsigned seed) {
  std::mt19937 random(seed);
  const auto often = [&random] { return random() % 3 == 0 ? 0 : random() % 40; };
  cell c;
  for (auto n = random() % 8; n > 0; --n) c.sums.push_back(static_cast<std::int64_t>(random() % 7) - 3);
  c.uniques.resize(random() % 3);
  for (auto& u : c.uniques)
    for (auto n = often(); n > 0; --n) u.add(random() % 50 * 0x9e3779b97f4a7c15ULL);
  c.samples.resize(random() % 3);
  for (auto& s : c.samples)
    for (auto n = often(); n > 0; --n) s.add(random() % 100, static_cast<int>(random() % 5) - 2);
  c.tops.resize(random() % 3);
  for (auto& t : c.tops)
    for (auto n = often(); n > 0; --n)
      t.add(std::to_string(random() % 9), static_cast<int>(random() % 5) - 2);
  return c;
}

}  // namespace weir::kpi_test
