#pragma once

#include <filesystem>
#include <thread>

#include "tools/stop_signals.hpp"

namespace weir {

/// Ends the process as soon as SIGINT or SIGTERM asks for it, with status 130 and without a trace in the
/// output folder. Nothing of a run that is stopped is kept, and a lane may be waiting for input that never
/// comes: so none is asked to end.
///
/// Make it before any other thread.
class replay_stop {
 public:
  explicit replay_stop(std::filesystem::path work);

  /// From now on the signals wait: what has begun to be published is published.
  void hold_off();

 private:
  void watch(const std::stop_token& held_off);

  std::filesystem::path work_;
  stop_signals signals_;
  std::jthread watcher_;  // last: it uses the others
};

}  // namespace weir
