#pragma once

#include <string>

#include "tools/bench/bench_input.hpp"

namespace weir::bench {

/// One of the programs that are measured: it takes the same input as the others and must put out the same.
class side {
 public:
  virtual ~side() = default;
  /// Handles these records and all that follows from them.
  virtual void take(const bench_input::runs& runs) = 0;
  /// Input has ended: closes all sessions and windows.
  virtual void finish() = 0;
  /// What it has to say of itself, as a JSON object.
  virtual std::string report() const = 0;
};

}  // namespace weir::bench
