#pragma once

#include <cmath>
#include <cstdint>

namespace weir {

/// splitmix64: small, quick, and the same everywhere.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    auto z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  /// From 0, below n.
  std::uint64_t below(std::uint64_t n) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * n) >> 64);
  }
  /// From 0, below 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  bool chance(double p) { return unit() < p; }
  /// Exponentially distributed.
  double exponential(double mean) { return -mean * std::log1p(-unit()); }
  /// 0 the most, n - 1 the least: density about 1/x.
  std::uint64_t skewed(std::uint64_t n) {
    const auto x = std::exp(unit() * std::log(static_cast<double>(n) + 1)) - 1;
    return static_cast<std::uint64_t>(x) < n ? static_cast<std::uint64_t>(x) : n - 1;
  }

 private:
  std::uint64_t state_;
};

}  // namespace weir
