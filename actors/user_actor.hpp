#pragma once

#include <cstdint>
#include <string>

#include "actors/live_actors.hpp"
#include "actors/messages.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

class users_task;

/// One live user of a site: a thin shell over `user_state`.
///
/// Reads one message with what was published of the user's sessions in a batch; sends nothing: its record
/// goes into the lane's epoch, its contributions to the KPI actors of the lane's round.
class user_actor : public keyed_actor {
 public:
  user_actor(caf::actor_config& config, users_task& task, table_entry& entry);

  bool encode_value(parted_value& out) const override;
  bool empty() const override { return user_.empty(); }

 protected:
  caf::behavior make_behavior() override;

 private:
  void take(const user_mail& mail);
  void take(const arrived_session& arrived);

  users_task& task_;
  user_state user_;
};

}  // namespace weir
