#pragma once

#include <array>
#include <cstdint>

#include "pipeline/event/dead_letter.hpp"

namespace weir {

/// What became of input records. Always: lines = skipped + in, in = valid + dead letters; with silver on,
/// valid = silver + duplicates.
struct intake_counts {
  std::uint64_t lines = 0, skipped = 0, in = 0, valid = 0, duplicates = 0, late = 0, too_late = 0;
  std::uint64_t amended = 0, closed = 0, withdrawn = 0;
  std::uint64_t other_key = 0;  // events whose record's key is not their session_id
  std::array<std::uint64_t, static_cast<std::size_t>(reason::count_)> dead{};

  std::uint64_t dead_letters() const {
    std::uint64_t sum = 0;
    for (auto n : dead) sum += n;
    return sum;
  }
  intake_counts& operator+=(const intake_counts& x) {
    lines += x.lines, skipped += x.skipped, in += x.in, valid += x.valid, duplicates += x.duplicates;
    late += x.late, too_late += x.too_late, amended += x.amended, closed += x.closed,
        withdrawn += x.withdrawn;
    other_key += x.other_key;
    for (std::size_t i = 0; i < dead.size(); ++i) dead[i] += x.dead[i];
    return *this;
  }
};

}  // namespace weir
