#pragma once

#include <cstdint>
#include <vector>

#include "pipeline/rules.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// How far a session came in a funnel: its furthest attempt, of equals the first. kpis.md, definition 8.
struct funnel_attempt {
  unsigned reached = 0;             // steps reached; 0: step 1 was never hit
  std::vector<std::int64_t> times;  // of the hit of each reached step, milliseconds
  bool operator==(const funnel_attempt&) const = default;
};

/// Over the session's kept hits of the funnel that stands at `funnel_index` in the configuration.
funnel_attempt furthest_attempt(const session& s, std::uint16_t funnel_index, const funnel& f);

}  // namespace weir
