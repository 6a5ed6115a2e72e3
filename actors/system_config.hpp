#pragma once

#include <caf/actor_system_config.hpp>

namespace weir {

/// CAF's settings for weir. Its scheduler has one worker, which runs nothing of the data path. No actor of
/// weir asks for a timeout (lane_actor.hpp), so none is forgotten when one ends: CAF would wake a thread for
/// it.
struct system_config : caf::actor_system_config {
  system_config();
};

}  // namespace weir
