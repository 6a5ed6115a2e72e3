#include "config/checks.hpp"

#include <algorithm>

#include "config/units.hpp"

namespace weir::config {
namespace {

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text, std::size_t least, std::size_t most) {
  const auto ok = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  return text.size() >= least && text.size() <= most && std::ranges::all_of(text, ok);
}

}  // namespace

bool is_not_empty(std::string_view text) { return !text.empty(); }
bool is_site_id(std::string_view text) { return is_name(text, 1, 100); }
bool is_source_name(std::string_view text) { return is_name(text, 1, 100); }
bool is_topic(std::string_view text) { return is_name(text, 1, 249) && text != "." && text != ".."; }
bool is_topic_prefix(std::string_view text) { return is_name(text, 0, 100); }

bool is_host(std::string_view text) {
  const auto bad = [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '/' || c == ':' || c == '@' || c == '*';
  };
  return !text.empty() && std::ranges::none_of(text, bad);
}

bool is_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos || colon == 0) return false;
  const auto port = parse_count(text.substr(colon + 1));
  return port && *port <= 65'535;
}

bool is_currency(std::string_view text) {
  return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_site_url(std::string_view text) {
  if (text.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme))
      return text.size() > scheme.size() && text.find_first_of("/?# ", scheme.size()) == text.npos;
  return false;
}

bool is_url(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme))
      return text.size() > scheme.size() && text[scheme.size()] != '/' && text.find(' ') == text.npos;
  return false;
}

}  // namespace weir::config
