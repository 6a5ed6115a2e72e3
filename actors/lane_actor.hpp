#pragma once

#include <caf/event_based_actor.hpp>

namespace weir {

class lane_unit;

/// The base of every actor of a lane. Mail from anything but its own lane goes to the lane's inbox; without
/// that, CAF would run the actor on a thread of its scheduler.
///
/// Lifecycle: spawned by the lane with `spawn_on`, which keeps it alive; ended by the lane with `end`, only
/// when no one has mail. What a handler throws ends its lane: with a part of a batch gone nothing may be
/// committed. No delayed_send, request, monitor, link or receive timeout.
class lane_actor : public caf::event_based_actor {
 public:
  explicit lane_actor(caf::actor_config& config);
  ~lane_actor() override;

  void enqueue(caf::mailbox_element_ptr mail, caf::execution_unit* unit) override;
  lane_unit* home() const { return home_; }
  /// Its turn comes soon, and the actor itself is in the cache: asks for what its handler will read.
  virtual void prefetch() const {}

  /// Actors alive in this process, for tests and metrics.
  static std::size_t alive();

 private:
  lane_unit* home_;
};

}  // namespace weir
