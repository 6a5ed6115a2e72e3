#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir {

struct terminal_size {
  std::size_t columns = 80, rows = 24;
};

/// Of the terminal behind a file descriptor, as it is now; 80 by 24 when it does not say.
terminal_size size_of_terminal(int fd);

/// At most so many code points of a text that is UTF-8.
std::string_view clip(std::string_view text, std::size_t columns);

/// The screen without what would wrap or scroll: each line as wide as the terminal, and one line less than it
/// has, for the cursor. A code point is taken for a column.
std::string fit(std::string_view screen, const terminal_size& size);

}  // namespace weir
