#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/base/codec.hpp"

namespace weir {

/// Quantiles with a relative error of 1 %: a histogram over logarithmic buckets, gamma = 1.01 / 0.99. Values
/// are clamped to [1e-3, 1e12] (indices -345 to 1,382), 0 and below (and NaN) have a bucket of their own, of
/// value 0. It never collapses buckets, so it commutes and values can be taken back.
///
/// 8 bytes a bucket in use. Counts are sums modulo 2^53. A plain value: not for two threads at once.
class ddsketch {
 public:
  /// `times` may be negative: takes back what was (or will be) added elsewhere; counts may be negative
  /// meanwhile.
  void add(double value, std::int64_t times = 1);
  void merge(const ddsketch& other);
  /// Number of values: the sum of all counts, negative ones too.
  std::int64_t count() const;
  /// The value at rank floor(q (n - 1)) of the sorted values, within 1 %; NaN when empty. Buckets whose count
  /// is negative are left out, of n, too. q is clamped to [0, 1].
  double quantile(double q) const;
  /// True when every bucket holds 0.
  bool empty() const { return buckets_.empty(); }
  /// Resident bytes, this object's own included.
  std::size_t memory() const;

  /// Bytes documented in ddsketch.cpp and docs/sketches.md.
  void encode(byte_writer& out) const;
  /// Throws `decode_error`; allocates no more than 16 KiB whatever the input.
  static ddsketch decode(byte_reader& in);
  bool operator==(const ddsketch& other) const = default;

 private:
  /// In one word: a sketch of a page is read from memory more often than from a cache.
  struct bucket {
    std::uint64_t slot : 11;  // 0: zero and below; else the index + 346
    std::int64_t count : 53;
    bool operator==(const bucket& other) const { return slot == other.slot && count == other.count; }
  };

  static unsigned slot_of(double value);
  static double value_of(unsigned slot);
  std::vector<bucket>::iterator find(unsigned slot);
  void add_to_slot(unsigned slot, std::int64_t times);
  void merge_sorted(const ddsketch& other);

  std::vector<bucket> buckets_;  // by slot, none of count 0
};

}  // namespace weir
