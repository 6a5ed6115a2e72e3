#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/hash.hpp"

namespace weir {

/// A task's clocks in event time, milliseconds. sessions.md, "Two clocks".
struct task_clocks {
  std::int64_t w = no_time;
  std::int64_t c = no_time;
  std::int64_t highest = no_time;  // highest event time so far: W without the slack
  std::string origins = {};        // of re-keyed input: the clocks that these are the lowest of, encoded
  bool operator==(const task_clocks&) const = default;

  /// Before every time, with room to subtract from.
  static constexpr std::int64_t no_time = -(std::int64_t{1} << 60);
};

/// A commit boundary: an offset, the clocks there, and what keyless outputs there were up to it.
struct mark {
  std::int64_t offset = 0;
  task_clocks clocks;
  digest keyless;
  std::int64_t wall = 0;  // when it was committed, milliseconds
  bool operator==(const mark&) const = default;
};

/// A key whose timer failed: at the commit boundary of this offset its value became a dead letter.
struct dead_key {
  std::int64_t offset = 0;
  std::string key;
  auto operator<=>(const dead_key&) const = default;
};

/// What one commit of a task leaves behind for a recovery, under one key of its state. topology.md, "State".
struct epoch_record {
  std::int64_t next = 0;            // next input offset
  std::vector<mark> ring;           // from redo_from on; the first is where a redo starts
  std::vector<std::int64_t> dead;   // offsets that became `internal_error` dead letters, from redo_from on
  std::vector<dead_key> dead_keys;  // from redo_from on
  digest owed;                      // what a redo must make again
  bool operator==(const epoch_record&) const = default;
  std::int64_t redo_from() const { return ring.empty() ? next : ring.front().offset; }
};

/// The key of the epoch record in a task's state; no other key begins with this byte.
inline constexpr std::string_view epoch_key{"\0epoch", 6};

void encode(const epoch_record& record, std::string& out);
/// Throws decode_error.
epoch_record decode_epoch_record(std::string_view bytes);

}  // namespace weir
