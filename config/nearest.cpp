#include "config/nearest.hpp"

#include <algorithm>
#include <limits>

namespace weir::config {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.size()];
}

std::string nearest(std::string_view wrong, const std::vector<std::string>& right) {
  std::string best;
  auto least = std::numeric_limits<std::size_t>::max();
  for (const auto& name : right) {
    const auto distance = edit_distance(wrong, name);
    if (distance < least) least = distance, best = name;
  }
  return best;
}

bool is_near(std::string_view wrong, std::string_view right) {
  return edit_distance(wrong, right) <= std::max<std::size_t>(1, right.size() / 3);
}

}  // namespace weir::config
