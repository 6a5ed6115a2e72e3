#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "pipeline/event/dead_letter.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// How an accepted event that is no duplicate met its session.
struct event_context {
  std::string_view topic;     // source topic
  std::uint64_t visitor = 0;  // visitor_hash
  bool late = false;          // t < W
  bool amended = false;       // joined a session when W had passed its close
  bool bot = false;           // of a session that is a bot with it
};

/// An accepted event's own metrics; of a bot's that it is one, and no other, in the window of its time, and
/// its part in `quality`. Sent once; they stay.
void contribute_event(const event& e, const stamp& at, const event_context& context, const rules& r,
                      contributions& out);

/// f: what a session adds, in the window of its start. An open one counts as started; a closed one fully; a
/// bot not at all.
void contribute_session(std::string_view site, const session& s, const rules& r, contributions& out);

/// f of an open session: that it started.
void contribute_session_start(std::string_view site, std::int64_t first, contributions& out);

/// What `quality` is told of a bot, in the window in which the event of its verdict arrived: its reasons, and
/// how many of its events had been counted as others' are.
void contribute_verdict(std::string_view topic, const stamp& at, signal_set reasons,
                        std::uint64_t events_before, contributions& out);

/// Quality, site `(all)`, in the window of arrival.
void contribute_dead_letter(std::string_view topic, std::int64_t arrival, reason why, contributions& out);
/// A valid event that is too late (its silver counts in quality_score too).
void contribute_too_late(std::string_view topic, const event& e, const stamp& at, contributions& out);
void contribute_duplicate(std::string_view topic, const stamp& at, contributions& out);
/// Times from valid events that arrived in one window to their publication, seconds; live sources only. By
/// the wall clock, so no redo owes them.
void contribute_freshness(std::string_view topic, std::int64_t arrival, std::span<const double> seconds,
                          contributions& out);

}  // namespace weir
