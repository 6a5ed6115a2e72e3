#include "config/error.hpp"

namespace weir::config {

void problems::add(std::string_view origin, std::string_view path, std::string_view message) {
  // `--set a.b` says it already.
  if (origin.ends_with(path)) path = {};
  std::string line;
  for (const auto part : {origin, path, message}) {
    if (part.empty()) continue;
    if (!line.empty()) line += ": ";
    line += part;
  }
  lines_.push_back(std::move(line));
}

void problems::raise() const {
  if (empty()) return;
  std::string text;
  for (const auto& line : lines_) (text += text.empty() ? "" : "\n") += line;
  throw config_error(text);
}

}  // namespace weir::config
