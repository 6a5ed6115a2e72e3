#include "actors/lane_unit.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "actors/lane_actor.hpp"
#include "actors/prefetch.hpp"

namespace weir {

namespace {
// Measured: prefetching cold actors halves the cost of a message.
constexpr std::size_t actor_ahead = 8, state_ahead = 4;  // turns
constexpr std::size_t actor_bytes = 384;                 // that a handler reads first
constexpr std::size_t at_once = 100;                     // messages of one actor before another's turn
}  // namespace

lane_unit::lane_unit(caf::actor_system& system) : execution_unit(&system) {}

void lane_unit::exec_later(caf::resumable* job) {
  if (auto* ours = dynamic_cast<lane_actor*>(job))
    ready_.push_back(ours);
  else
    system().scheduler().enqueue(job);
}

void lane_unit::post(caf::strong_actor_ptr to, caf::mailbox_element_ptr mail) {
  std::lock_guard lock(mutex_);
  inbox_.emplace_back(std::move(to), std::move(mail));
}

void lane_unit::drain_inbox() {
  decltype(inbox_) mail;
  {
    std::lock_guard lock(mutex_);
    mail.swap(inbox_);
  }
  for (auto& [to, element] : mail) to->enqueue(std::move(element), this);
}

void lane_unit::resume(lane_actor* job) {
  switch (job->resume(this, at_once)) {
    case caf::resumable::resume_later:
      ready_.push_back(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(static_cast<caf::resumable*>(job));
      break;
    default:
      break;
  }
}

void lane_unit::failed(std::exception_ptr why) {
  if (!failure_) failure_ = std::move(why);
}

/// What the actors of the next turns will read.
void lane_unit::prefetch(std::size_t turn) const {
  if (turn + actor_ahead < ready_.size()) weir::prefetch(ready_[turn + actor_ahead], actor_bytes);
  if (turn + state_ahead < ready_.size()) ready_[turn + state_ahead]->prefetch();
}

void lane_unit::run_until_idle() {
  drain_inbox();
  for (std::size_t turn = 0; turn < ready_.size(); ++turn) {
    prefetch(turn);
    resume(ready_[turn]);
  }
  ready_.clear();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace weir
