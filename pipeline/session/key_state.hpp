#pragma once

#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/parted_value.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/record.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/seen_ids.hpp"
#include "pipeline/session/session.hpp"
#include "pipeline/session/session_name.hpp"
#include "pipeline/session/traffic_source.hpp"

namespace weir {

/// All that is kept of one session key: its open and recently closed sessions, ordered by `first`, and the
/// ids it has seen. A value: a pure function of the key's events, their stamps, and the clocks.
struct key_state {
  std::vector<session> sessions;
  seen_ids ids;
  bool empty() const { return sessions.empty() && ids.empty(); }
};

/// What timers need of a key's state: all of it that a recovery reads.
struct key_outline {
  absl::InlinedVector<session_times, 2> sessions;
  std::optional<std::int64_t> oldest_id;  // its time
};

class session_changes;
struct candidates;

/// Where a change of a key goes: records into the epoch, contributions to the KPI actors, and what the task
/// counts.
struct effects {
  outbox& records;
  contributions& kpis;
  std::int32_t partition = 0;  // outputs that continue the partition go to the same number
  std::uint64_t duplicates = 0;
  std::uint64_t late = 0;     // events, accepted, no duplicates
  std::uint64_t silver = 0;   // records
  std::uint64_t closed = 0;   // sessions
  std::uint64_t amended = 0;  // events that joined a session when W had passed its close
  std::uint64_t withdrawn =
      0;  // closed sessions that became part of an earlier one: sessions = closed - withdrawn
  std::uint64_t ids_dropped = 0;  // beyond ids_kept
};

/// The life of a session key, as sessions.md has it: `advance` closes and forgets what is due, `take` takes
/// one accepted event in. Every change of a session sends f(new) - f(old) and, when its published content
/// changed, a new revision. A revision that changes who the user is goes to both keys of weir.sessions,
/// withdrawn under the old one. Holds only references to shared, constant rules: any thread may use it.
class session_life {
 public:
  session_life(const rules& r, const traffic_sources& sources) : rules_(r), sources_(sources) {}

  /// Closes what is due by `clock` = max(W, C); forgets closed sessions and ids by `watermark` = W alone.
  void advance(const session_name& name, key_state& key, std::int64_t clock, std::int64_t watermark,
               effects& out) const;

  /// Takes one accepted (not too late) event: duplicate, candidates, bridge, amendment; writes silver,
  /// contributions. Call `advance` with the event's clocks first.
  void take(const session_name& name, key_state& key, const event& e, const stamp& at, effects& out) const;

  /// The lowest clock (of max(W, C)) at which a session of the key is due to close: `-unlimited` if it is
  /// already; `unlimited` if none is open.
  std::int64_t next_close(const key_state& key) const;
  std::int64_t next_close(const key_outline& key) const;
  /// The lowest W at which `advance` would forget something of the key; `unlimited` if it is empty.
  std::int64_t next_forget(const key_state& key) const;
  std::int64_t next_forget(const key_outline& key) const;
  /// True when the session is due to close at this clock.
  bool due(const session_times& s, std::int64_t clock) const;

 private:
  std::int64_t deadline(const session_times& s) const;
  bool past_close(const session& s, std::int64_t watermark) const;
  void take_duplicate(const session_changes& changes, key_state& key, std::int64_t time) const;
  void close_overfull(const session_changes& changes, key_state& key, std::int64_t time) const;
  const session& open(const session_changes& changes, key_state& key, const event& e, const stamp& at) const;
  const session& join(const session_changes& changes, key_state& key, const candidates& found, const event& e,
                      const stamp& at) const;

  const rules& rules_;
  const traffic_sources& sources_;
};

/// Writes the key's state into an empty value in its versioned binary form; the bytes, and where they are
/// cut, are documented in key_state_codec.cpp.
void encode(const key_state& key, parted_value& out);
/// Reads it back from all of its bytes. Throws decode_error.
key_state decode_key_state(std::string_view bytes);
/// Reads what its head tells, or all of its bytes. Throws decode_error.
key_outline decode_key_outline(std::string_view head);

}  // namespace weir
