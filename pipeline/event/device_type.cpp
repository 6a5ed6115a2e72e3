#include "pipeline/event/device_type.hpp"

#include <charconv>
#include <optional>

namespace weir {

namespace {

std::optional<double> screen_width(const event& e) {
  if (e.has(number::screen_width)) return e[number::screen_width];
  const auto resolution = e[text::screen_resolution];
  double width = 0;
  const auto read = std::from_chars(resolution.data(), resolution.data() + resolution.size(), width);
  if (read.ec != std::errc()) return std::nullopt;
  return width;
}

}  // namespace

std::string_view device_type_of(const event& e) {
  const auto claim = e[text::device_type];
  if (!claim.empty() && claim != "unknown" && claim != "(none)") return claim;
  const auto width = screen_width(e);
  if (!width) return "unknown";
  if (*width < 768) return "mobile";
  return *width < 1024 ? "tablet" : "desktop";
}

}  // namespace weir
