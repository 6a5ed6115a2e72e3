#pragma once

#include <chrono>
#include <csignal>

namespace weir {

/// SIGINT and SIGTERM as something to wait for. Make it before any other thread: threads inherit that they
/// are blocked.
class stop_signals {
 public:
  stop_signals();
  ~stop_signals();
  stop_signals(const stop_signals&) = delete;

  /// Waits; returns true as soon as the process is asked to stop, and ever after.
  bool wait(std::chrono::milliseconds time);
  bool asked() const { return asked_; }

 private:
  sigset_t signals_, before_;
  bool asked_ = false;
};

}  // namespace weir
