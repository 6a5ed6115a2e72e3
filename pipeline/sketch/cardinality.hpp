#pragma once

#include <cstdint>
#include <span>

namespace weir {

/// How many distinct hashes raised these HyperLogLog registers: a power of two of them, four at least, each 0
/// or the rank 1 .. `rank_bits` + 1 of the highest hash seen. Otmar Ertl's improved raw estimator ("New
/// cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6): the same formula over the
/// whole range, no tables of bias. Rounded; 2^64 - 1 when every register is full.
std::uint64_t estimate_cardinality(std::span<const std::uint8_t> registers, unsigned rank_bits);

}  // namespace weir
