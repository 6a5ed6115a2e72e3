#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/codec.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/sketch/ddsketch.hpp"
#include "pipeline/sketch/hyperloglog.hpp"
#include "pipeline/sketch/top.hpp"

namespace weir {

/// The aggregates of one key of one family in one window (or roll-up), or a delta of them. All merge by
/// addition, in any order. Which slots there are, the family says; vectors grow on first use, so that an
/// empty slot costs nothing.
struct cell {
  std::vector<std::int64_t> sums;
  std::vector<hyperloglog> uniques;
  std::vector<ddsketch> samples;
  std::vector<top_counts> tops;

  /// Adds one contribution's additions.
  void add(const addition* first, std::size_t count);
  /// Adds another cell of the same family.
  void merge(const cell& other);
  std::int64_t sum(std::uint8_t slot) const { return slot < sums.size() ? sums[slot] : 0; }
  /// True when every aggregate is 0 or empty: its record need not exist.
  bool zero() const;
  /// Resident size, roughly, bytes.
  std::size_t memory() const;

  void encode(byte_writer& out) const;
  static cell decode(byte_reader& in);
};

}  // namespace weir
