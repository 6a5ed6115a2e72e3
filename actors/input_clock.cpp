#include "actors/input_clock.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/base/mutation.hpp"

namespace weir {

void input_clock::fed(std::int64_t time) {
  fed_ = true;
  highest_record_ = std::max(highest_record_, time);
}

void input_clock::advance(const clock_reading& now, std::int64_t next_offset, const time_rules& rules,
                          task_clocks& clocks) {
  clocks.c = std::max(clocks.c, clocks.w);
  const bool behind = next_offset < now.end.high_watermark;
  if (std::exchange(fed_, false) || behind) fed_at_ = now.wall;
  if (behind) return;
  if (now.end.ended) {
    clocks.c = end_of_time;
    return;
  }
  const auto idle = now.wall - fed_at_;
  if (!now.live || idle < rules.idle_timeout) return;
  if (clocks.highest != task_clocks::no_time)
    clocks.c = std::max(clocks.c, clocks.w + idle);
  else if (holds(rule::idle_without_event) || next_offset == 0)
    clocks.c = std::max(clocks.c, now.wall);
  highest_record_ = std::max(highest_record_, now.wall);
}

std::int64_t told_watermark(const task_clocks& clocks, const rules& r, bool any_age) {
  if (clocks.c == task_clocks::no_time) return clocks.w;
  if (clocks.c == end_of_time) return clocks.w == task_clocks::no_time ? end_of_time : clocks.w;
  if (any_age || r.max_delay >= unlimited) return clocks.w;
  return std::max(clocks.w, clocks.c - r.max_delay - r.time.max_out_of_orderness);
}

std::int64_t told_watermark_of_origin(const task_clocks& clocks, const rules& r, bool any_age) {
  return clocks.w != task_clocks::no_time ? clocks.w : told_watermark(clocks, r, any_age);
}

}  // namespace weir
