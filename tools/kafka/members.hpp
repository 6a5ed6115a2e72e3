#pragma once

#include "config/settings.hpp"

namespace weir {

struct members_options {
  bool json = false;  // the records, one a line
};

/// `weir members`: the nodes that have announced themselves, their tasks, and what does not fit together.
/// Returns the exit status.
int members(const settings& configuration, const members_options& options);

}  // namespace weir
