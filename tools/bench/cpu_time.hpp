#pragma once

#include <chrono>
#include <ctime>

namespace weir::bench {

inline std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

/// CPU time of the calling thread: what a busy machine leaves alone.
inline std::chrono::nanoseconds thread_cpu() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
/// CPU time of the process, every thread of it.
inline std::chrono::nanoseconds process_cpu() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace weir::bench
