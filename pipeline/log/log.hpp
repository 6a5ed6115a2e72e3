#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/log/record.hpp"

namespace weir {

/// The stages of weir; topology.md, "The way of an event".
enum class stage : std::uint8_t { ingest, users, kpis };
inline constexpr std::size_t stages = 3;
std::string_view to_string(stage s);
/// The stage of the tasks that read a topic.
stage stage_of(std::string_view topic);

/// True when weir writes the topic itself: its name begins with `weir.`, without kafka.prefix.
bool is_own_topic(std::string_view topic);

/// One input partition with its actors and its state: the unit that moves between nodes.
struct task_id {
  stage of = stage::ingest;
  std::string topic;
  std::int32_t partition = 0;
  auto operator<=>(const task_id&) const = default;
};
/// `<topic>/<partition>`
std::string to_string(const task_id& id);

/// Records of one partition as they were read, shared and never changed.
struct record_chunk {
  struct entry {
    std::int64_t offset;
    std::int64_t time;  // broker time, milliseconds
    std::uint32_t key_at, key_size, value_at, value_size;
  };
  std::string bytes;
  std::vector<entry> entries;

  std::string_view key(const entry& e) const { return {bytes.data() + e.key_at, e.key_size}; }
  std::string_view value(const entry& e) const { return {bytes.data() + e.value_at, e.value_size}; }
  void add(std::int64_t offset, std::int64_t time, std::string_view key, std::string_view value) {
    const auto at = static_cast<std::uint32_t>(bytes.size());
    const auto key_size = static_cast<std::uint32_t>(key.size());
    entries.push_back({offset, time, at, key_size, at + key_size, static_cast<std::uint32_t>(value.size())});
    bytes.append(key).append(value);
  }
  /// Forgets the records, keeps the memory.
  void clear() {
    bytes.clear();
    entries.clear();
  }
};

/// A run of records of one task's partition.
struct fetched {
  std::size_t task = 0;  // index into the lane's assignment
  std::shared_ptr<const record_chunk> chunk;
  std::size_t first = 0, count = 0;
};

/// A value of a task's state as it goes to its changelog and store; no value: the key is gone.
struct state_change {
  std::string key;
  std::optional<std::string> value;
};

/// How long a deleted key's record stays in a changelog, milliseconds.
inline constexpr std::int64_t tombstone_time_ms = std::int64_t{7} * 86'400'000;

/// What a commit makes of one task.
struct task_commit {
  task_id task;
  std::int64_t next = 0;       // next input offset
  std::int64_t redo_from = 0;  // input below it is never read again
  std::vector<state_change> changes;
  std::int64_t changelog_end =
      -1;  // once committed: behind its last change in the changelog; -1: there is none
};

/// What a lane has done since its last commit, as data: it becomes visible all together or not at all.
struct epoch {
  outbox outputs;
  std::vector<task_commit> tasks;
};

enum class outcome : std::uint8_t {
  committed,
  rejected,  // nothing of it is visible, nor will be
  unknown,   // it may be visible or not: only a recovery can tell
};

/// The log cannot be reached now: the same call may go through later.
struct log_unavailable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A local copy does not continue in its changelog: that begins behind it, or ends before. It must be built
/// anew.
struct stale_copy : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Replays a task's committed state from a changelog position on; calls `apply(change, broker time)` in
/// order. Returns the end position. A log without changelogs returns `from`. Throws stale_copy when there is
/// no going on from there, log_unavailable, and what `apply` throws.
using changelog_reader =
    std::function<std::int64_t(const task_id& task, std::int64_t from,
                               const std::function<void(const state_change&, std::int64_t)>& apply)>;

/// How far a partition reaches.
struct partition_end {
  std::int64_t high_watermark = 0;
  bool ended = false;  // nothing will ever follow: the end of a replay's input
};

/// One lane's way to the log: a member of the group with its consumer and producer. All methods but where
/// noted are called by the lane's thread; all may throw log_unavailable. Implementations: memory, local,
/// Kafka.
class log_member {
 public:
  virtual ~log_member() = default;

  /// The tasks that this member owns. Changes only when `assignment_changed` has told so.
  virtual std::vector<task_id> assignment() = 0;
  virtual bool assignment_changed() = 0;
  /// False as long as the group has not said which tasks this member gets, if any.
  virtual bool joined() const { return true; }
  /// True when the tasks are asked for, in good order: the lane writes everything down, commits, and calls
  /// `release`. For tasks that are lost no one asks: `assignment_changed` tells that they are gone.
  virtual bool revoking() = 0;
  /// Gives the tasks up. Nothing of this member's is in flight.
  virtual void release() = 0;

  /// Wants no tasks any more: the group gives them to others, and asks for them in good order. False when
  /// there is no one to give them to, and none will ever be.
  virtual bool leave() = 0;

  /// Ends what an earlier life of this member left open: after it no transaction of ours is undecided.
  virtual void fence() = 0;
  /// The committed next offset of a task; 0 when there was no commit yet.
  virtual std::int64_t committed(const task_id& task) = 0;
  /// Where a task begins that was never committed.
  virtual std::int64_t beginning(const task_id&) { return 0; }
  /// As a changelog_reader; the group sees meanwhile that this member lives.
  virtual std::int64_t restore(const task_id& task, std::int64_t from,
                               const std::function<void(const state_change&, std::int64_t)>& apply) {
    return changelogs()(task, from, apply);
  }
  /// To be called by any thread, beside all else, as long as the log lives.
  virtual changelog_reader changelogs() = 0;
  /// Sets where the next poll of the task reads on.
  virtual void seek(std::size_t task, std::int64_t offset) = 0;
  /// A paused task is passed over by `poll`, until it is resumed or sought. Tasks that are not sought after
  /// they were assigned must be paused.
  virtual void pause(std::size_t task, bool on) = 0;

  /// Appends runs of at most `max_records` records each, one for each assigned partition that has any. Waits
  /// at most `wait_ms` when there is nothing at all.
  virtual void poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) = 0;
  virtual partition_end end_of(std::size_t task) = 0;
  /// Hands an epoch over. At most one is in flight; `landed` tells when and how it ended.
  virtual void commit(std::unique_ptr<epoch> e) = 0;
  /// The outcome of the epoch in flight, once it is known; then none is in flight any more.
  virtual std::optional<outcome> landed() = 0;
  /// The epoch that landed last, to take its changes over into local stores and to use its memory again.
  virtual std::unique_ptr<epoch> take_landed() = 0;
};

}  // namespace weir
