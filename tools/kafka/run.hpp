#pragma once

#include "config/settings.hpp"

namespace weir {

/// `weir run`: this node's lanes over Kafka, until it is asked to stop. Returns the exit status.
int run(const settings& configuration);

}  // namespace weir
