#pragma once

#include <cstdint>
#include <string>

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"
#include "pipeline/users/user_state.hpp"
#include "state/checkpoint/task_state.hpp"

namespace weir {

class users_task;

/// One live user of a site: a thin shell over `user_state`.
///
/// Lifecycle: spawned by its task on a user's first mail, from the stored value if there is one; ended when
/// it is cold, its value going back into the table. Place: its lane's thread. Reads one message with what was
/// published of the user's sessions in a batch; sends nothing: its record goes into the lane's epoch, its
/// contributions to the KPI actors of the lane's round.
class user_actor : public lane_actor, public live_value {
 public:
  user_actor(caf::actor_config& config, users_task& task, table_entry& entry);

  bool encode_value(parted_value& out) const override;
  const user_state& value() const { return user_; }

  caf::strong_actor_ptr keep;      // held until its lane ends it
  std::uint64_t last_round = 0;    // when it last had mail
  std::uint64_t listed_round = 0;  // the same when it took its place in the task's list

 protected:
  caf::behavior make_behavior() override;

 private:
  void take(const user_mail& mail);
  void take(const arrived_session& arrived);

  users_task& task_;
  table_entry& entry_;
  user_state user_;
};

}  // namespace weir
