#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir {

/// Durations by buckets, as Prometheus' histograms have them. Plain numbers: counted by a lane, copied with
/// its report.
struct duration_histogram {
  /// Upper bounds, seconds; beyond the last there is one more bucket.
  static constexpr std::array bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,   0.25,   0.5,
                                     1.0,   2.5,    5.0,   10.0, 30.0,  60.0, 300.0, 1800.0, 7200.0};

  std::array<std::uint64_t, bounds.size() + 1> counts{};
  double sum = 0;  // seconds

  void observe(double seconds, std::uint64_t times = 1) {
    std::size_t i = 0;
    while (i < bounds.size() && seconds > bounds[i]) ++i;
    counts[i] += times;
    sum += seconds * static_cast<double>(times);
  }
  std::uint64_t total() const {
    std::uint64_t n = 0;
    for (const auto c : counts) n += c;
    return n;
  }
  duration_histogram& operator+=(const duration_histogram& x) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += x.counts[i];
    sum += x.sum;
    return *this;
  }
};

}  // namespace weir
