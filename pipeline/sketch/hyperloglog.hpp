#pragma once

#include <absl/container/inlined_vector.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/base/codec.hpp"

namespace weir {

/// Counts distinct hashes (64-bit XXH3). Sparse and exact below 1,024, then 2^14 registers with a standard
/// error of 0.81 %. Union is lossless and commutes: the state, and its bytes, are a function of the set of
/// hashes alone, whatever the order of adds and merges. Nothing can be taken back.
///
/// Hash 0 counts as hash 1. Needs 32 bytes up to two hashes, 16 bytes a hash or so while sparse, 16 KiB
/// beyond. A plain value: not for two threads at once.
class hyperloglog {
 public:
  static constexpr std::size_t exact_below = 1024;
  static constexpr unsigned precision = 14;

  hyperloglog() = default;
  hyperloglog(const hyperloglog&) = default;
  hyperloglog& operator=(const hyperloglog&) = default;
  /// What is moved from is empty.
  hyperloglog(hyperloglog&& x) noexcept;
  hyperloglog& operator=(hyperloglog&& x) noexcept;
  ~hyperloglog() = default;

  void add(std::uint64_t hash);
  void merge(const hyperloglog& other);
  /// Exact below 1,024, else the estimate, rounded, and 1,024 at least.
  std::uint64_t estimate() const;
  bool empty() const { return count_ == 0; }
  bool exact() const { return count_ < exact_below; }
  /// Resident bytes, this object's own included.
  std::size_t memory() const;

  /// Bytes documented in hyperloglog.cpp and docs/sketches.md.
  void encode(byte_writer& out) const;
  /// Throws `decode_error`; allocates no more than 16 KiB whatever the input.
  static hyperloglog decode(byte_reader& in);
  bool operator==(const hyperloglog& other) const;

 private:
  void add_to_list(std::uint64_t hash);
  void add_to_table(std::uint64_t hash);
  bool contains(std::uint64_t hash) const;
  void reserve(std::size_t count);
  void rebuild_table(std::size_t capacity);
  void become_dense();
  std::uint8_t* registers() { return reinterpret_cast<std::uint8_t*>(words_.data()); }
  const std::uint8_t* registers() const { return reinterpret_cast<const std::uint8_t*>(words_.data()); }
  std::vector<std::uint64_t> sorted_hashes() const;
  void read_hashes(byte_reader& in);
  void read_registers(byte_reader& in);
  void read_packed_registers(byte_reader& in);

  // Three forms in turn: a list of up to 8 hashes; a table of hashes with open addressing, 0 marks a free
  // slot, the size is a power of two; 2^14 registers of one byte. The first two have no bearing on what can
  // be seen from outside.
  absl::InlinedVector<std::uint64_t, 2> words_;
  std::uint32_t count_ = 0;  // distinct hashes, held at exact_below once there are registers
};

}  // namespace weir
