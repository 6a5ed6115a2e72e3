#pragma once

#include <cstdint>
#include <string>

#include "actors/lane.hpp"
#include "tools/demo/live_view.hpp"

namespace weir {

/// What a demo shows at one moment.
struct demo_moment {
  live_view::snapshot gold;
  lane_counts counts;      // of this process
  std::uint64_t sent = 0;  // records in the log
  std::int64_t lag = 0;    // records that are not committed
  double rate = 0;         // records committed a second, of late
};

/// One line: for logs.
std::string demo_line(const demo_moment& m);
/// A screen of some twenty lines: for terminals.
std::string demo_screen(const demo_moment& m, const std::string& folder);

}  // namespace weir
