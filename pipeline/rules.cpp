#include "pipeline/rules.hpp"

namespace weir {

namespace {

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::size_t after_code_point(std::string_view text, std::size_t at) {
  do ++at;
  while (at < text.size() && continuation(text[at]));
  return at;
}

}  // namespace

bool glob_match(std::string_view glob, std::string_view text) {
  constexpr auto none = std::string_view::npos;
  std::size_t g = 0, t = 0;
  std::size_t star = none, star_took = 0;  // the last `*`, and the end of what it stands for
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      star_took = t;
    } else if (g < glob.size() && glob[g] == '?') {
      ++g;
      t = after_code_point(text, t);
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g;
      ++t;
    } else if (star != none) {
      g = star + 1;
      t = star_took = after_code_point(text, star_took);
    } else {
      return false;
    }
  }
  return glob.find_first_not_of('*', g) == none;
}

bool matches(const event_match& match, const event& e) {
  if (match.type && *match.type != e.type) return false;
  if (!match.name.empty() && match.name != e[text::event_name]) return false;
  if (!match.page_path.empty() && !glob_match(match.page_path, e[text::page_path])) return false;
  if (match.min_value == 0) return true;
  return e.type == event_type::custom_event && e.has(number::event_value) &&
         e[number::event_value] >= match.min_value;
}

}  // namespace weir
