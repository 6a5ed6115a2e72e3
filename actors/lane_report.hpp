#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/duration_histogram.hpp"
#include "pipeline/clock/counts.hpp"
#include "pipeline/log/log.hpp"
#include "state/checkpoint/epoch_record.hpp"

namespace weir {

/// What a lane did, for summaries and metrics.
struct lane_counts {
  intake_counts intake;  // committed
  std::uint64_t commits = 0, rejected = 0, unknown = 0, recoveries = 0, failures = 0;
  std::uint64_t redone = 0;        // records read again by redos
  std::uint64_t divergences = 0;   // redos that did not make what the record said
  std::uint64_t checkpointed = 0;  // state changes written: heads, values without parts, ends
  std::uint64_t parts = 0;         // parts of values that were written
  std::uint64_t state_bytes = 0;   // of keys and values of all of them
  std::uint64_t spilled = 0;       // values that left memory for want of room
  std::uint64_t read_back = 0;     // those of them that were needed again
  std::uint64_t records = 0;       // input records handled, redone ones too
  std::uint64_t handed_over = 0;   // times that all tasks were given up in good order
  std::uint64_t restored = 0;      // state changes read from changelogs

  struct amount {
    std::uint64_t records = 0, bytes = 0;  // bytes of keys and values
  };
  std::array<amount, static_cast<std::size_t>(output::count_)> outputs{};  // committed

  duration_histogram commit_time;   // from the hand-over of an epoch to its outcome
  duration_histogram seal_time;     // the lane's, to choose and encode the changes of one epoch
  duration_histogram store_time;    // the lane's, to write the changes of one epoch into its stores
  duration_histogram publish_time;  // of each record, from its broker time to its commit: see `lane`

  lane_counts& operator+=(const lane_counts& x);
};

/// A task as its lane last saw it.
struct task_report {
  task_id task;
  std::int64_t next = 0, end = 0;          // next input offset, and where the input ends
  std::int64_t last_time = 0;              // broker time of the last record read, milliseconds; 0: none yet
  task_clocks clocks;                      // of kpis: the lowest of all sources
  std::uint64_t redo_left = 0;             // records still to be read again
  std::uint64_t sessions = 0;              // open ones
  std::uint64_t actors = 0;                // live ones
  std::uint64_t keys = 0, dirty_keys = 0;  // in memory; of them, changed since their checkpoint
  std::uint64_t value_bytes = 0;           // in memory, those of live actors aside

  std::uint64_t lag() const { return end > next ? static_cast<std::uint64_t>(end - next) : 0; }
};

/// What became of a task's input.
struct task_counts {
  std::uint64_t records = 0;  // read; those that a redo reads again are not counted again
  intake_counts intake;       // ingest only

  task_counts& operator+=(const task_counts& x) {
    records += x.records;
    intake += x.intake;
    return *this;
  }
};

enum class lane_state : std::uint8_t {
  starting,    // has not begun
  recovering,  // restores tasks
  waiting,     // for the log, or for the group to assign tasks
  running,
  draining,  // gives its tasks to others, and takes none any more
  ended,
};
std::string_view to_string(lane_state s);

/// A lane as it last told of itself: at commits, at the steps of a recovery, and each second between.
struct lane_report {
  std::string lane;
  lane_state state = lane_state::starting;
  std::string waiting_for;           // why, when it waits
  std::size_t assigned = 0;          // tasks; `tasks` has those that are restored
  std::int64_t last_commit = 0;      // wall clock, milliseconds; 0: none yet
  std::int64_t in_flight_since = 0;  // of the epoch that is being committed; 0: none is
  lane_counts counts;
  std::vector<task_report> tasks;
  std::map<task_id, task_counts> done;  // committed, of every task that it ever had

  /// All that is assigned is restored, and no redo is under way.
  bool ready() const;
};

}  // namespace weir
