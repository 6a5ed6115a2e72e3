#pragma once

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"

namespace weir {

class kpi_task;

/// The reader of one partition of weir.partials: decodes deltas and clocks, and sends each delta to the KPI
/// actor of its site, family and shard. Lifecycle: that of its task. Place: its lane's thread.
class partials_actor : public lane_actor {
 public:
  partials_actor(caf::actor_config& config, kpi_task& task) : lane_actor(config), task_(task) {}

 protected:
  caf::behavior make_behavior() override;

 private:
  kpi_task& task_;
};

}  // namespace weir
