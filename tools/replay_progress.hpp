#pragma once

#include <chrono>
#include <cstdint>

namespace weir {

/// The progress line of a long read, on standard error: share, megabytes a second, time left. Silent where
/// there is no terminal.
class replay_progress {
 public:
  explicit replay_progress(bool on) : on_(on) {}
  void show(std::uint64_t read, std::uint64_t total);
  /// Wipes the line.
  void end();

 private:
  using clock = std::chrono::steady_clock;
  bool on_;
  bool shown_ = false;
  clock::time_point started_ = clock::now(), last_ = started_;
};

}  // namespace weir
