#include "tools/stop_signals.hpp"

#include <ctime>

namespace weir {

stop_signals::stop_signals() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

stop_signals::~stop_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

bool stop_signals::wait(std::chrono::milliseconds time) {
  if (asked_) return true;
  const timespec t{time.count() / 1000, time.count() % 1000 * 1'000'000};
  asked_ = sigtimedwait(&signals_, nullptr, &t) > 0;
  return asked_;
}

}  // namespace weir
