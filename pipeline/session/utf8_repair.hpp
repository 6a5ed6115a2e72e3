#pragma once

#include <cstddef>
#include <string>

namespace weir {

/// Replaces what is not UTF-8 in `text` from byte `from` on by U+FFFD, one for each maximal part of a broken
/// sequence, as browsers do.
void repair_utf8(std::string& text, std::size_t from);

}  // namespace weir
