#pragma once

#include <string_view>

#include "pipeline/log/record.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

/// Writes the user's record of weir.users, key `<site>|<user>` as in weir.sessions: JSON of the current life.
/// A user without a session has no record: the key's is ended.
void put_user(std::string_view key, const user_state& user, const rules& r, outbox& out);
/// Ends the key's record.
void end_user(std::string_view key, outbox& out);

}  // namespace weir
