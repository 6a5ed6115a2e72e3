#pragma once

#include "pipeline/event/event.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/session.hpp"
#include "pipeline/session/traffic_source.hpp"

namespace weir {

/// Takes an event into the session's content: a function of the set of its events and their offsets alone,
/// but for which paths are kept. sessions.md, "What a session carries".
void apply(session& s, const event& e, const stamp& at, const rules& r, const traffic_sources& sources);

/// Takes the event's part in where the session came from. sessions.md, "Traffic source".
void attribute(session& s, const event& e, const moment& at, const rules& r, const traffic_sources& sources);

/// Takes the evidence if it beats what the session has.
void offer_evidence(session& s, traffic_evidence&& found);

/// The path's statistics, new if it is new and there is still room; null if it is dropped.
path_stats* stats_of(session& s, std::string_view path, std::int64_t offset);

}  // namespace weir
