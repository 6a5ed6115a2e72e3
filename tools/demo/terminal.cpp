#include "tools/demo/terminal.hpp"

#include <sys/ioctl.h>

#include <algorithm>

#include "pipeline/event/utf8.hpp"

namespace weir {

terminal_size size_of_terminal(int fd) {
  winsize w{};
  if (ioctl(fd, TIOCGWINSZ, &w) != 0 || w.ws_col == 0 || w.ws_row == 0) return {};
  return {w.ws_col, w.ws_row};
}

std::string_view clip(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (; columns > 0 && end < text.size(); --columns) end += std::max<std::size_t>(1, utf8_length(text, end));
  return text.substr(0, end);
}

std::string fit(std::string_view screen, const terminal_size& size) {
  std::string out;
  for (std::size_t row = 1; row < size.rows && !screen.empty(); ++row) {
    const auto line = screen.substr(0, screen.find('\n'));
    out.append(clip(line, size.columns)) += '\n';
    screen.remove_prefix(std::min(line.size() + 1, screen.size()));
  }
  return out;
}

}  // namespace weir
