#include "pipeline/log/record.hpp"

#include <array>

namespace weir {

std::string_view to_string(output topic) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(output::count_)> names{
      "weir.rekeyed", "weir.events", "weir.sessions", "weir.users",
      "weir.late",    "weir.dlq",    "weir.partials", "weir.gold",
  };
  return names[static_cast<std::size_t>(topic)];
}

}  // namespace weir
