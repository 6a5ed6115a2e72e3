#include "pipeline/event/fault_message.hpp"

#include "pipeline/event/personal_data.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

std::string fault_message(std::string_view field, std::string_view expected, std::string_view got) {
  std::string message;
  if (!field.empty()) message.append(field).append(": ");
  return message.append("expected ").append(expected).append(", got ").append(got);
}

std::string quoted(std::string_view text, std::size_t longest) {
  constexpr std::size_t context = 256;  // what is cut off may tell that something is personal
  const auto whole = to_utf8(text.substr(0, longest + context));
  std::string masked;
  const auto shown = utf8_prefix(mask_personal_data(whole, masked) > 0 ? masked : whole, longest);
  return std::string("\"").append(shown).append(text.size() > longest ? "...\"" : "\"");
}

}  // namespace weir
