#pragma once

#include "pipeline/base/json_writer.hpp"
#include "pipeline/session/key_state.hpp"

namespace weir {

/// Writes a session key's state as an object, for people: its sessions and how many ids it remembers.
void write_key_state(const key_state& key, json_writer& out);
/// The same of what its head tells.
void write_key_outline(const key_outline& key, json_writer& out);

}  // namespace weir
