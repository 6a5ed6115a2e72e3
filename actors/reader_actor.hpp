#pragma once

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"

namespace weir {

/// A task that reads the records of a partition.
class batch_reader {
 public:
  virtual ~batch_reader() = default;
  /// Takes records in: called by the reader with its mail.
  virtual void read(const batch_mail& mail) = 0;
};

/// The reader of one partition, of whatever stage: gives its task each batch, which decodes it and sends
/// sessions, users or KPI actors one message each, or passes the records on. Lifecycle: that of its task.
/// Place: its lane's thread.
class reader_actor : public lane_actor {
 public:
  reader_actor(caf::actor_config& config, batch_reader& task) : lane_actor(config), task_(task) {}

 protected:
  caf::behavior make_behavior() override;

 private:
  batch_reader& task_;
};

}  // namespace weir
