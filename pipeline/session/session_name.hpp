#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "pipeline/event/event.hpp"
#include "pipeline/session/session.hpp"

namespace weir {

/// What names a session key: an actor's identity. `site_id` and `session_id` as events carry them (derived
/// ids too).
struct session_name {
  std::string_view topic;  // source topic
  std::string_view site;
  std::string_view session_id;
};

/// `<source topic>|<site_id>|<session_id>|<time of the event that opened it>`
std::string session_key(const session_name& name, const session& s);

/// Who is counted in uniques: visitor_id, else user_id, else the session (its source topic and id, marked so
/// that it meets no visitor of that text). sessions.md, "Who".
std::uint64_t visitor_hash(const session_name& name, const event& e);

/// Who journeys and retention follow: the session's user_id, else its visitor, who may be `(session)<source
/// topic>|<session_id>`. sessions.md, "Who".
std::string user_of(const session_name& name, const session& s);

}  // namespace weir
