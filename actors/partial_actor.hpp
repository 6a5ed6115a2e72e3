#pragma once

#include "actors/lane_actor.hpp"
#include "actors/lane_context.hpp"
#include "pipeline/kpi/partial.hpp"

namespace weir {

/// A KPI actor of the partial tier: one family's deltas of all of a lane's tasks since the last commit. A
/// thin shell over `partial_table`. Lifecycle: from one recovery of its lane to the next. Place: its lane's
/// thread.
class partial_actor : public lane_actor {
 public:
  partial_actor(caf::actor_config& config, lane_context& lane, family fam);
  std::size_t bytes() const { return table_.bytes(); }

 protected:
  caf::behavior make_behavior() override;

 private:
  void flush();

  lane_context& lane_;
  partial_table table_;
};

}  // namespace weir
