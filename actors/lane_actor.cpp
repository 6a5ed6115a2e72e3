#include "actors/lane_actor.hpp"

#include <atomic>

#include "actors/lane_unit.hpp"

namespace weir {

namespace {
std::atomic<std::size_t> living{0};
}

lane_actor::lane_actor(caf::actor_config& config)
    : event_based_actor(config), home_(static_cast<lane_unit*>(config.host)) {
  living.fetch_add(1, std::memory_order_relaxed);
  set_exception_handler([this](std::exception_ptr& why) -> caf::error {
    home_->failed(std::move(why));
    return caf::sec::runtime_error;
  });
}

lane_actor::~lane_actor() { living.fetch_sub(1, std::memory_order_relaxed); }

void lane_actor::enqueue(caf::mailbox_element_ptr mail, caf::execution_unit* unit) {
  if (unit == home_)
    event_based_actor::enqueue(std::move(mail), unit);
  else
    home_->post(caf::strong_actor_ptr{ctrl()}, std::move(mail));
}

std::size_t lane_actor::alive() { return living.load(std::memory_order_relaxed); }

}  // namespace weir
