#include "actors/system_config.hpp"

#include <caf/policy/work_sharing.hpp>
#include <caf/scheduler/coordinator.hpp>

namespace weir {

namespace {

/// No actor has a timeout to be forgotten when it ends.
class lane_clock : public caf::detail::thread_safe_actor_clock {
 public:
  void cancel_timeouts(caf::abstract_actor*) override {}
};

/// Policy `sharing`, since `stealing` livelocks with many short-lived receivers.
class lane_scheduler : public caf::scheduler::coordinator<caf::policy::work_sharing> {
 public:
  using coordinator::coordinator;
  caf::detail::thread_safe_actor_clock& clock() noexcept override { return clock_; }
  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new lane_scheduler(system);
  }

 private:
  lane_clock clock_;
};

}  // namespace

system_config::system_config() {
  load<lane_scheduler>();
  set("scheduler.max-threads", 1);
  set("scheduler.max-throughput", 100);
}

}  // namespace weir
