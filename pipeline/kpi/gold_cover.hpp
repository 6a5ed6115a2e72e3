#pragma once

#include <vector>

#include "pipeline/kpi/gold_reader.hpp"

namespace weir {

/// Which of a site's and family's windows to unite, so that none counts twice: of a window and those within
/// it the longer one, since a roll-up holds each key's data where it was counted. One that is not final gives
/// way to those within it, which know more; where there are none it is taken. In order of their starts.
/// Throws gold_merge_error when windows overlap but none holds the other.
std::vector<gold_window> gold_cover(std::vector<gold_window> windows);

}  // namespace weir
