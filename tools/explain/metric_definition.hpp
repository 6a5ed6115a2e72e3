#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What docs/metrics.md says of a metric.
struct metric_definition {
  std::string names, text;           // of its row: the names that it is about, and what they mean
  std::string window;                // in the window of what it counts, in words
  std::vector<std::string> made_of;  // other metrics of the family that stand in its row or are named there
};

/// Nothing when the page has no such metric of the family. `page` is the text of docs/metrics.md.
std::optional<metric_definition> find_definition(std::string_view page, std::string_view family,
                                                 std::string_view metric);

}  // namespace weir
