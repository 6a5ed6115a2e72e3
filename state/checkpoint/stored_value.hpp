#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/parted_value.hpp"
#include "pipeline/log/log.hpp"
#include "state/store/task_store.hpp"

namespace weir {

/// The parts of a value as they were last written, by name, each with the hash of its bytes: what need not be
/// written again, and what must go when it is no longer of the value.
struct stored_part {
  std::uint64_t name, hash;
};
using stored_parts = std::vector<stored_part>;

/// What the store has under a key: a tombstone, or the head of a value. The bytes are documented in
/// stored_value.cpp.
struct stored_head {
  std::int64_t stamp = 0;            // it has taken in all records below it
  bool tombstone = false;            // the key is deleted
  std::vector<std::uint64_t> parts;  // names, ascending
  std::string_view bytes;            // of the head
};
/// Throws decode_error.
stored_head decode_stored(std::string_view stored);

/// The key under which a part is stored. Keys of values do not begin with a byte below `first_value_key`,
/// those of parts do: so a scan of all heads meets no part.
std::string part_key(std::string_view key, std::uint64_t name);
inline constexpr std::string_view first_value_key = "\x02";
inline bool is_part(std::string_view stored_key) { return stored_key.starts_with('\x01'); }

/// Appends what makes the stored value this one: the head, the parts that are not as `before` has them, and
/// the end of those that are no longer there. Returns the parts that are stored then.
stored_parts write_value(std::string_view key, std::int64_t stamp, const parted_value& value,
                         const stored_parts& before, std::vector<state_change>& changes);
/// Appends a stamped tombstone, or with no stamp the key's end, and the end of its parts.
void write_end(std::string_view key, std::optional<std::int64_t> stamp, const stored_parts& before,
               std::vector<state_change>& changes);
/// A value without parts, such as the epoch record.
std::string encode_stored(std::int64_t stamp, std::string_view value);

/// Reads a whole value, with its cuts, and how it is stored. Throws std::runtime_error when a part is
/// missing.
stored_parts read_value(task_store& store, std::string_view key, const stored_head& head,
                        parted_value& value);

}  // namespace weir
