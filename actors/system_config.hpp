#pragma once

#include <caf/actor_system_config.hpp>

namespace weir {

/// CAF's settings for weir: policy `sharing`, since `stealing` livelocks with many short-lived receivers; the
/// scheduler runs nothing of the data path.
struct system_config : caf::actor_system_config {
  system_config() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 1);
    set("scheduler.max-throughput", 100);
  }
};

}  // namespace weir
