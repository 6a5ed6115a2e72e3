#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/settings.hpp"

namespace weir {

struct reset_options {
  std::string stage;                      // ingest, users, kpis; empty: all
  std::string topic;                      // empty: all
  std::optional<std::int32_t> partition;  // none: all
  bool all = false;                       // every task of the job, when nothing else is said
  std::string to = "committed";           // committed, earliest, latest, or an offset of one partition
  bool accept_gap = false;                // keeps the state, and goes on at the first offset that is there
  bool yes = false;                       // does it; else it is only told
};

/// `weir reset`: gives tasks' state up, so that they begin anew, or accepts that input of theirs is gone.
/// Refused while a node is in the group. Returns the exit status: 2 when it has only told.
int reset(const settings& configuration, const reset_options& options);

}  // namespace weir
