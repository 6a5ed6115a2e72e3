#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "actors/clock_report.hpp"
#include "actors/lane_report.hpp"
#include "pipeline/base/mutation.hpp"
#include "pipeline/log/log.hpp"
#include "state/checkpoint/task_state.hpp"

namespace weir {

/// What a task's clocks are moved by at a commit.
struct clock_reading {
  std::int64_t wall = 0;  // milliseconds
  partition_end end;      // of the task's input
  bool live = true;       // false in replay: no idle time
};

/// A task as its lane drives it: recover and load; then rounds of deliver and quiet; and at commits
/// advance_clocks, fire_timers (until the actors are idle), report, seal. Owned by its lane, used on its
/// thread.
class lane_task {
 public:
  lane_task(task_id id, checkpoint_rules checkpoints, std::shared_ptr<task_store> store)
      : state(std::move(id), checkpoints, std::move(store)) {}
  virtual ~lane_task() = default;

  /// True when its input is not weir's own: its records come from outside.
  virtual bool is_source() const { return false; }
  /// True when it passes records on to weir.rekeyed, and its clocks there alone.
  virtual bool rekeys() const { return false; }
  /// Builds what is derived from the recovered state: timers, counts, live windows.
  virtual void load() = 0;
  /// Sends a run of records to the task's reader.
  virtual void deliver(const fetched& run) = 0;
  virtual void advance_clocks(const clock_reading& now) = 0;
  /// Sends due timers' mail; returns whether there was any.
  virtual bool fire_timers() = 0;
  /// No one has mail: gives back what the round used; ends cold actors.
  virtual void quiet() = 0;
  /// Ends all actors.
  virtual void end_actors() = 0;
  /// What to tell downstream; nothing when the task is no source.
  virtual std::optional<clock_report> report() = 0;
  /// Adds to the report what only this kind of task knows.
  virtual void describe(task_report& report) const = 0;
  /// True while something must still be published that only time or a commit brings out.
  virtual bool pending() const { return false; }

  /// True when the record is to become a dead letter, since its handler failed. A redo goes by the epoch
  /// record alone.
  bool buries(std::int64_t offset) const {
    const bool by_poison = !state.redoing() || !holds(rule::dead_live_only);
    return state.dead(offset) || (by_poison && poison.contains(offset));
  }

  task_state state;
  std::size_t place = 0;       // in what is assigned to the lane's member
  task_counts counts;          // of the epoch being filled
  std::int64_t last_time = 0;  // broker time of the last record read, milliseconds
  clock_report reported;       // last
  /// Offsets and keys whose handlers failed, to become dead letters; told by the lane after a recovery.
  std::set<std::int64_t> poison;
  std::set<std::string> poison_keys;
};

}  // namespace weir
