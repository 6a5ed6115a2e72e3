#include "pipeline/kpi/gold_cover.hpp"

#include <algorithm>

namespace weir {

std::vector<gold_window> gold_cover(std::vector<gold_window> windows) {
  std::sort(windows.begin(), windows.end(), [](const gold_window& a, const gold_window& b) {
    return a.start != b.start ? a.start < b.start : a.end > b.end;
  });
  std::vector<gold_window> taken;
  for (auto at = windows.begin(); at != windows.end();) {
    auto behind = at + 1;  // the first window that is not within this one
    for (; behind != windows.end() && behind->start < at->end; ++behind)
      if (behind->end > at->end)
        throw gold_merge_error(
            "windows overlap and none holds the other: expected records of one granularity");
    const bool gives_way = !at->final && behind != at + 1;
    if (!gives_way) taken.push_back(*at);
    at = gives_way ? at + 1 : behind;
  }
  return taken;
}

}  // namespace weir
