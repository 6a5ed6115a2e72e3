#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

/// A fault's message: `<field>: expected <expected>, got <got>`; without `<field>: ` when it is the whole
/// record.
std::string fault_message(std::string_view field, std::string_view expected, std::string_view got);

/// A text in quotes for a message, shortened to what a reader needs to recognise it, and without personal
/// data: messages go where the data must not.
std::string quoted(std::string_view text, std::size_t longest = 60);

}  // namespace weir
