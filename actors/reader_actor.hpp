#pragma once

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"

namespace weir {

class ingest_task;

/// The reader of one source partition: decodes a batch, keeps the watermark, and sends each session one
/// message with its events. A thin shell over `intake`. Lifecycle: that of its task. Place: its lane's
/// thread.
class reader_actor : public lane_actor {
 public:
  reader_actor(caf::actor_config& config, ingest_task& task) : lane_actor(config), task_(task) {}

 protected:
  caf::behavior make_behavior() override;

 private:
  ingest_task& task_;
};

}  // namespace weir
