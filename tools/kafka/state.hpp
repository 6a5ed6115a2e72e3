#pragma once

#include <string>

#include "config/settings.hpp"

namespace weir {

struct state_options {
  std::string folder;        // the node's; empty: node.data_dir
  std::string task;          // <topic>/<partition>; empty: all
  std::string key;           // of inspect: this one alone, as weir tail shows it
  std::uint64_t limit = 20;  // of verify: differences of a task that are named
  bool json = false;         // of inspect: one JSON value a line
};

/// `weir state inspect`: what a node's local copy holds of each task, or one key's value. Returns the exit
/// status.
int state_inspect(const settings& configuration, const state_options& options);

/// `weir state verify`: compares each task's local copy with the committed changelog. 1 when one differs.
int state_verify(const settings& configuration, const state_options& options);

}  // namespace weir
