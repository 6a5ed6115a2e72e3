#pragma once

#include <string>
#include <vector>

#include "actors/lane.hpp"
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
/// what came out, all at its end (replay_folder). Returns the exit status of config.md: 0 done, 1 input or
/// output failed, 2 an output folder that cannot be meant, 3 --strict violated or nothing valid in a
/// non-empty input. Problems go to standard error. Stopped by a signal, it ends the process (replay_stop).
int replay(const settings& configuration, const replay_options& options);

/// What a run's user must be told of what its lanes did, a line each; none when all went well. The summary's
/// fields are fixed, so these go to standard error. Every lane's start counts as a recovery.
std::vector<std::string> replay_troubles(const lane_counts& done, std::uint64_t lanes);

}  // namespace weir
