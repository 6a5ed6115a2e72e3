#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/log/log.hpp"

namespace weir {

/// A key of a task's state as a text: `epoch`; of ingest `<site>|<session_id>`; of users `<site>|<user>`; of
/// kpis `<family>|<gold key>`; of both `clock|<source task>`; of a part of a value `<key>#<name>`. A key that
/// is none of these: as it is, U+FFFD for what is not UTF-8.
std::string state_key_text(stage of, std::string_view key);

/// What a changelog or store has under a key as JSON, for people: `key`, and `deleted`, or `stamp` with
/// `tombstone` or `value`. Of a value in parts it shows the head, and of a part its size: `state_value_json`
/// shows all. Throws decode_error.
std::string state_entry_json(stage of, std::string_view key, std::optional<std::string_view> stored);

/// A whole value with its key and stamp as JSON. Throws decode_error.
std::string state_value_json(stage of, std::string_view key, std::int64_t stamp, std::string_view value);

}  // namespace weir
