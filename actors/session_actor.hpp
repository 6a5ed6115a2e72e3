#pragma once

#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <string>

#include "actors/live_actors.hpp"
#include "actors/messages.hpp"
#include "pipeline/session/key_state.hpp"

namespace weir {

class ingest_task;

/// One live session key: a thin shell over `session_life`.
///
/// Reads one message with its events of a batch, or a timer; sends nothing: its outputs go into the lane's
/// epoch, its contributions to the KPI actors of the lane's round.
class session_actor : public keyed_actor {
 public:
  session_actor(caf::actor_config& config, ingest_task& task, table_entry& entry);

  void prefetch() const override;
  bool encode_value(parted_value& out) const override;
  bool empty() const override { return key_.empty(); }
  const key_state& value() const { return key_; }

 protected:
  caf::behavior make_behavior() override;

 private:
  void take(const session_mail& mail);
  void fire(const timer_mail& mail);
  template <class Change>
  void change(Change&& what);

  ingest_task& task_;
  key_state key_;
  std::int64_t at_ = 0;  // offset that is being handled
};

/// Windows in which the key's open sessions started that are no bots: those may still change.
absl::InlinedVector<std::int64_t, 2> open_windows(const key_state& key);
absl::InlinedVector<std::int64_t, 2> open_windows(const key_outline& key);

/// The state key of a session: `<site>|<session_id>`.
std::string session_state_key(std::string_view site, std::string_view session_id);
/// Its parts, pointing into the key, with the task's topic.
session_name name_of(std::string_view topic, std::string_view state_key);

}  // namespace weir
