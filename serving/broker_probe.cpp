#include "serving/broker_probe.hpp"

namespace weir {

namespace {
constexpr std::chrono::milliseconds answer_time(2'000);
constexpr std::chrono::seconds good_for(2);
}  // namespace

std::optional<std::string> broker_probe::trouble() {
  std::unique_lock asking(asking_, std::try_to_lock);
  {
    std::lock_guard lock(mutex_);
    if (asked_ && (!asking || clock::now() - *asked_ < good_for)) return last_;
  }
  if (!asking) asking.lock();  // the first answer is not there yet
  auto answer = cluster_.trouble(answer_time);
  std::lock_guard lock(mutex_);
  last_ = std::move(answer);
  asked_ = clock::now();
  return last_;
}

}  // namespace weir
