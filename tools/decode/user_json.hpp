#pragma once

#include "pipeline/base/json_writer.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

/// A user's state as a JSON object, for people.
void write_user_state(const user_state& user, json_writer& out);
/// The same of what the head of a value in parts tells.
void write_user_outline(const user_outline& user, json_writer& out);

}  // namespace weir
