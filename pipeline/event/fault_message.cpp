#include "pipeline/event/fault_message.hpp"

#include "pipeline/event/utf8.hpp"

namespace weir {

std::string fault_message(std::string_view field, std::string_view expected, std::string_view got) {
  std::string message;
  if (!field.empty()) message.append(field).append(": ");
  return message.append("expected ").append(expected).append(", got ").append(got);
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 60;
  const auto shown = utf8_prefix(text, longest);
  return std::string("\"").append(to_utf8(shown)).append(shown.size() < text.size() ? "...\"" : "\"");
}

}  // namespace weir
