#pragma once

#include <cstdint>

#include "actors/lane_task.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// How the closing clock of a source partition goes on when nothing comes: with the wall clock, once it has
/// been idle, or to the end of time when input has ended. sessions.md, "Two clocks". Moves at commits only.
class input_clock {
 public:
  /// Records have come; `time`: the highest record time among them, milliseconds.
  void fed(std::int64_t time);
  void advance(const clock_reading& now, std::int64_t next_offset, const time_rules& rules,
               task_clocks& clocks);
  /// The highest record time: A.
  std::int64_t highest_record() const { return highest_record_; }

 private:
  bool fed_ = true;          // there were records since the last commit, or may have been
  std::int64_t fed_at_ = 0;  // wall time of the first commit after the last record
  std::int64_t highest_record_ = task_clocks::no_time;
};

/// The W that a source partition tells the stages behind it. At least what no event that is still to come can
/// leave it below, so that one whose traffic has ended, or never began, holds no one. Where events of any age
/// may come it is W alone.
std::int64_t told_watermark(const task_clocks& clocks, const rules& r, bool any_age);
/// The same of a partition that is re-keyed. There W decides content, so once there is an event it is W
/// alone, in which the wall clock has no part.
std::int64_t told_watermark_of_origin(const task_clocks& clocks, const rules& r, bool any_age);

}  // namespace weir
