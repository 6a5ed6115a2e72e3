#pragma once

#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>

#include <exception>
#include <mutex>
#include <utility>
#include <vector>

namespace weir {

class lane_actor;

/// The execution unit of one lane: actors spawned with it are resumed by the lane's own loop, on the lane's
/// thread, and by nothing else.
///
/// Concurrency: `post` may be called from any thread; everything else by the lane's.
class lane_unit : public caf::execution_unit {
 public:
  explicit lane_unit(caf::actor_system& system);

  /// Called by CAF when an actor has mail: ours are queued here, others go to the scheduler.
  void exec_later(caf::resumable* job) override;

  /// Mail for one of our actors from another thread: drained at the next quiet point.
  void post(caf::strong_actor_ptr to, caf::mailbox_element_ptr mail);

  /// An actor's handler has thrown what it should have caught: a store that cannot be read, no memory.
  void failed(std::exception_ptr why);

  /// Resumes actors until no one has mail. Then throws what `failed` was told first.
  void run_until_idle();

 private:
  void drain_inbox();
  void resume(lane_actor* job);
  void prefetch(std::size_t turn) const;

  std::vector<lane_actor*> ready_;
  std::exception_ptr failure_;
  std::mutex mutex_;  // guards inbox_ alone
  std::vector<std::pair<caf::strong_actor_ptr, caf::mailbox_element_ptr>> inbox_;
};

}  // namespace weir
