#pragma once

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"

namespace weir {

class users_task;

/// The reader of one partition of weir.sessions: decodes sessions and clocks, and sends each user one message
/// with their sessions of a batch. Lifecycle: that of its task. Place: its lane's thread.
class users_reader_actor : public lane_actor {
 public:
  users_reader_actor(caf::actor_config& config, users_task& task) : lane_actor(config), task_(task) {}

 protected:
  caf::behavior make_behavior() override;

 private:
  users_task& task_;
};

}  // namespace weir
