#include "tools/time_option.hpp"

#include <fmt/format.h>

#include "pipeline/event/time_format.hpp"
#include "tools/usage_error.hpp"

namespace weir {

std::int64_t time_option(const char* option, const std::string& text, std::int64_t otherwise) {
  if (text.empty()) return otherwise;
  std::int64_t time = 0;
  if (parse_time(text, time) || parse_time(text + "T00:00:00Z", time)) return time;
  throw usage_error(fmt::format(
      "{}: expected a time like 2024-02-18T10:30:00Z, a date like 2024-02-18, or milliseconds since the "
      "epoch, got \"{}\"",
      option, text));
}

}  // namespace weir
