#pragma once

#include <string_view>

#include "pipeline/log/record.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/session.hpp"
#include "pipeline/session/session_name.hpp"

namespace weir {

/// Why a record of weir.sessions takes its session back; at most one is there.
struct withdrawal {
  std::string_view merged_into;  // the session key of the one that took it in
  std::string_view moved_to;     // the user under whom it is published now
};

/// Writes a record of weir.sessions, key `<site>|<user>`, of the session as it is, JSON as sessions.md, "What
/// a session carries" says. Over rules.max_output_bytes it loses pages from the end (`pages_truncated`), and
/// if that does not do, its texts are cut (`texts_truncated`). `source` is the number of the partition that
/// it is of.
void put_session(const session_name& name, const session& s, const rules& r, const withdrawal& why,
                 std::string_view user, std::int32_t source, outbox& out);

}  // namespace weir
