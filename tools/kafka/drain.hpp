#pragma once

#include <string>

#include "config/settings.hpp"

namespace weir {

struct drain_options {
  std::string url;       // host:port of the node's HTTP server; empty: http.listen
  bool no_wait = false;  // does not wait for the node's end
};

/// Asks a running node to give its tasks to the others and to end, and waits for that. Returns the exit
/// status.
int drain(const settings& s, const drain_options& options);

}  // namespace weir
