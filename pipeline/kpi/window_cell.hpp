#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/kpi/calendar.hpp"
#include "pipeline/kpi/cell.hpp"

namespace weir {

/// One key's aggregates in one window or roll-up, as the final tier keeps them.
struct window_cell {
  cell data;
  bool changed = false;  // holds something unpublished: part of the value, so that no crash forgets it
  bool fed = false;      // its roll-ups have it; what comes later goes to them at once
  bool told = false;     // has a record
  bool told_events_final = false, told_final = false;  // what that says

  void encode(std::string& out) const;
  /// Throws decode_error.
  static window_cell decode(std::string_view bytes);
};

/// The name of a cell's state: those of a family are ordered by the window's end, so that old ones stand
/// together.
struct cell_name {
  span_of_time window;
  family fam = family::site;
  unsigned shard = 0;
  std::string_view site;
  std::array<std::string_view, 3> key{};
};
/// State keys of cells begin with this byte.
inline constexpr char cell_key_prefix = 'w';
std::string cell_state_key(const cell_name& name);
/// What the keys of all cells of one window of a (site, family, shard) begin with.
std::string cell_state_key_prefix(const cell_name& name);
/// What the keys of all cells of a family begin with.
std::string family_state_key_prefix(family fam);
/// Points into the key. Throws decode_error.
cell_name parse_cell_state_key(std::string_view key);

/// Key of the cell that counts the late events of a whole (site, family, window): it has no record of its
/// own.
inline constexpr std::string_view late_marker = "\x02late";
/// Key of the cell that takes what is over `kpi.max_keys`.
inline constexpr std::string_view other_key = "(other)";

}  // namespace weir
