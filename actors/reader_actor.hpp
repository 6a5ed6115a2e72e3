#pragma once

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"

namespace weir {

/// A task that reads a source's records.
class batch_reader {
 public:
  virtual ~batch_reader() = default;
  /// Takes records in: called by the reader with its mail.
  virtual void read(const batch_mail& mail) = 0;
};

/// The reader of one source partition: decodes a batch, keeps the watermark, and sends each session one
/// message with its events, or passes the records on to be re-keyed. A thin shell over `intake` and
/// `rekeyer`. Lifecycle: that of its task. Place: its lane's thread.
class reader_actor : public lane_actor {
 public:
  reader_actor(caf::actor_config& config, batch_reader& task) : lane_actor(config), task_(task) {}

 protected:
  caf::behavior make_behavior() override;

 private:
  batch_reader& task_;
};

}  // namespace weir
