#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace weir {

/// `weir replay`: what the command line says beside the configuration.
struct replay_options {
  std::vector<std::string> files;  // `-` is standard input; each one is a partition
  std::string out;                 // folder to write to
  std::string format = "auto";     // web, access, auto
  bool strict = false;             // more than 1 % too late is a failure
  bool quiet = false;              // no progress, no summary on the terminal
};

/// Reads the files as partitions of the source topic, runs the whole pipeline over the memory log, and writes
/// what came out. Returns the exit status of config.md: 0 done, 1 input or output failed, 3 --strict violated
/// or nothing valid in a non-empty input. Problems go to standard error.
int replay(const settings& configuration, const replay_options& options);

}  // namespace weir
