#pragma once

#include "pipeline/session/session.hpp"

namespace weir {

/// Takes the later session's content into the earlier one, which keeps its key, its revision and whether it
/// is closed. sessions.md, "Session", 3.
void merge(session& earlier, session&& later);

}  // namespace weir
