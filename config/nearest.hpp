#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

/// How many letters must be changed, added, taken out or swapped with their neighbour to make one text of the
/// other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The text of the list that is nearest by edit distance, the first of equals; empty for an empty list.
std::string nearest(std::string_view wrong, const std::vector<std::string>& right);

/// True when one may well have been meant by the other: a third of its letters, or one, are wrong at most.
bool is_near(std::string_view wrong, std::string_view right);

}  // namespace weir::config
