#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "config/settings.hpp"

namespace weir {

/// Options of `weir demo`. What is not given is as in the folder's plan, or, in a new folder, the default.
struct demo_options {
  std::string data;                        // folder; empty: node.data_dir
  std::string rate;                        // records a second, or `max`; empty: as above, 100
  std::optional<std::uint64_t> seed;       // 1
  std::optional<std::uint64_t> sessions;   // open at rate max, 10,000
  std::chrono::milliseconds duration{0};   // 0: until it is asked to stop
  std::uint64_t events = 0;                // records in the log, at which the traffic ends; 0: without end
  std::chrono::milliseconds every{5'000};  // between lines, where there is no terminal
  bool finish = false;                     // no traffic; close everything, as at the end of a file
};

/// `weir demo`: built-in traffic -> local log -> lanes -> gold, shown live. Returns the exit status.
int demo(const settings& configuration, const demo_options& options);

/// The settings that a demo runs with under any of the user's, as YAML.
std::string demo_settings();

}  // namespace weir
