#pragma once

#include "pipeline/event/bot_signal.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// Counts an event in the minute of the session's newest one. Call it before the event moves `last`.
void count_minute(session& s, std::int64_t time);

/// Judges a session by its events so far, of which this is the last one: signals that hold stay reasons, and
/// from the event on with which their weights reach the threshold it is a bot, for good. events.md, "Bots".
void judge(session& s, const event& e, const stamp& at, const bot_rules& r);

/// Adds what signals go by of a session that is taken in. Call it before `last` of the two is united.
void merge_signs(session& s, const session& taken_in);

/// The verdict on a session that is opened on a key with these: that of the bots among them.
void inherit_verdict(session& opened, const std::vector<session>& kept);

}  // namespace weir
