#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/hash.hpp"

namespace weir {

/// Counts of strings, to name the most frequent. Exact up to 1,000 keys; beyond, space-saving, and
/// `approximate()`. Counts may be negative meanwhile (deltas that take back).
///
/// While exact the state is a function of the sum of all deltas, whatever the order of adds and merges. Once
/// approximate it is one of their order, too, but merge(a, b) equals merge(b, a); a count is never below the
/// true one, and above it by a thousandth of all counts at most, if none was negative. A plain value: not for
/// two threads at once.
class top_counts {
 public:
  static constexpr std::size_t exact_keys = 1000;
  /// Keys held at most: cut back to `exact_keys` at once when there are more, not one by one.
  static constexpr std::size_t most_keys = 1250;

  void add(std::string_view key, std::int64_t times = 1);
  void merge(const top_counts& other);
  /// The key with the highest positive count, ties to the smaller string; empty when there is none. Points
  /// into this.
  std::string_view top() const;
  /// 0 for a key that is not held.
  std::int64_t count(std::string_view key) const;
  /// There once were more than 1,000 keys at a time, here or in what was merged.
  bool approximate() const { return approximate_; }
  /// Every count is 0, and exactly so.
  bool empty() const { return counts_.empty() && !approximate_; }
  /// Resident bytes, this object's own included.
  std::size_t memory() const;

  /// Bytes documented in top.cpp and docs/sketches.md.
  void encode(byte_writer& out) const;
  /// Throws `decode_error`; allocates no more than 1,250 keys or what the input holds.
  static top_counts decode(byte_reader& in);
  bool operator==(const top_counts& other) const = default;

 private:
  struct key_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return hash64(key); }
  };
  using table = absl::flat_hash_map<std::string, std::int64_t, key_hash, std::equal_to<>>;
  void add_held(std::string_view key, std::int64_t times);
  void cut_back();

  table counts_;            // none of count 0
  std::int64_t floor_ = 0;  // what a key that is not held may have: the highest count that was cut
  bool approximate_ = false;
};

}  // namespace weir
