#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <compare>
#include <cstdint>
#include <string_view>

namespace weir {

/// The durable hashes of weir: XXH3, seed 0. They are part of the formats: never change them.
inline std::uint64_t hash64(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

/// A 128-bit hash, for keys of tables: wide enough never to meet a collision.
struct hash128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto operator<=>(const hash128&) const = default;

  template <class H>
  friend H AbslHashValue(H h, const hash128& x) {
    return H::combine(std::move(h), x.low);
  }
};

inline hash128 hash_of(std::string_view text) {
  const auto h = XXH3_128bits(text.data(), text.size());
  return {h.low64, h.high64};
}

/// Mixes two words; not durable.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product =
      static_cast<unsigned __int128>(a ^ 0x9e3779b97f4a7c15ULL) * (b ^ 0xd6e8feb86659fd93ULL);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

/// Count and sum of hashes of a multiset of outputs: what a redo must make again.
struct digest {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  bool operator==(const digest&) const = default;
  digest& operator+=(const digest& x) { return count += x.count, sum += x.sum, *this; }
  digest& operator-=(const digest& x) { return count -= x.count, sum -= x.sum, *this; }
  friend digest operator+(digest a, const digest& b) { return a += b; }
  friend digest operator-(digest a, const digest& b) { return a -= b; }
  void add(std::uint64_t hash) { ++count, sum += hash; }
};

}  // namespace weir
