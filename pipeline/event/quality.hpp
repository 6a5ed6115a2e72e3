#pragma once

#include "pipeline/event/event.hpp"

namespace weir {

/// Quality score of events.md, for web events: 0 to 1, two digits.
double quality_score(const event& e);

}  // namespace weir
