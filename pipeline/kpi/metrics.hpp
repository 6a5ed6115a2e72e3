#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <utility>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/family.hpp"

namespace weir {

/// Names of slots, in the order of an enumeration: an array that a family_definition's span can view.
template <class Slot, class... Names>
constexpr auto slot_names(Names... names) {
  static_assert(sizeof...(Names) == static_cast<std::size_t>(Slot::count_));
  return std::array<std::string_view, sizeof...(Names)>{names...};
}

/// By sum slot: is it an amount of 10^-6? Of the given slots it is.
template <class Slot, class... Slots>
constexpr auto micro_slots(Slots... amounts) {
  std::array<bool, static_cast<std::size_t>(Slot::count_)> result{};
  ((result[static_cast<std::size_t>(amounts)] = true), ...);
  return result;
}

/// The number of a slot.
template <class Slot>
constexpr std::uint8_t slot(Slot s) {
  return static_cast<std::uint8_t>(s);
}

/// NaN, which JSON shows as null, with denominator 0. A null in a formula makes it null likewise.
inline double ratio(double numerator, double denominator) {
  return denominator == 0 ? std::nan("") : numerator / denominator;
}

/// Appends the sums and the uniques under their names.
void write_sums_and_uniques(const family_definition& family, const cell& c, json_writer& out);

/// A percentile; NaN when there are no samples. `q` in 0..1.
double quantile(const cell& c, std::uint8_t slot, double q);
/// Appends a percentile; null when there are no samples. `q` in 0..1.
void write_quantile(std::string_view name, const cell& c, std::uint8_t slot, double q, json_writer& out);

/// Appends the most frequent text; null when there is none.
void write_top(std::string_view name, const cell& c, std::uint8_t slot, json_writer& out);

/// Estimate of a unique.
std::uint64_t unique_count(const cell& c, std::uint8_t slot);

}  // namespace weir
