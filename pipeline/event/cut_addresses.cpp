#include "pipeline/event/cut_addresses.hpp"

#include <algorithm>

#include "pipeline/event/ip_privacy.hpp"

namespace weir {

namespace {

constexpr std::size_t shortest = 2, longest = 45;  // ::, and six groups before an IPv4 address

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_separator(char c) { return c == '.' || c == ':'; }

/// True when an address may begin with `text`: most text is passed over by this look alone.
bool may_begin(std::string_view text) {
  constexpr std::size_t group = 4;
  if (text.starts_with("::")) return true;
  const auto end = std::find_if_not(text.begin(), text.begin() + std::min(text.size(), group), is_hex_digit);
  return end != text.begin() && end != text.end() && is_separator(*end);
}

/// The beginning of `text` that an address can at most have: groups, of which only the last may have dots,
/// with at most one `::`.
std::string_view candidate(std::string_view text) {
  text = text.substr(0, longest);
  std::size_t size = 0, dots = 0, gaps = 0;
  for (; size < text.size(); ++size) {
    const char c = text[size];
    if (!is_hex_digit(c) && !is_separator(c)) break;
    if (c == '.' && ++dots > 3) break;
    if (c == ':' && (dots > 0 || (text.substr(0, size).ends_with(':') && ++gaps > 1))) break;
  }
  return text.substr(0, size);
}

/// The longest address that `text` begins with; empty when there is none.
std::string_view address_at(std::string_view text, arena& texts) {
  if (!may_begin(text)) return {};
  for (auto tried = candidate(text); tried.size() >= shortest; tried.remove_suffix(1))
    if (!private_ip(ip_privacy::truncate, tried, texts).empty()) return tried;
  return {};
}

}  // namespace

std::string cut_addresses(ip_privacy privacy, std::string_view text) {
  std::string out;
  arena texts;
  while (!text.empty()) {
    const auto address = address_at(text, texts);
    if (address.empty()) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    const auto cut = private_ip(privacy, address, texts);
    out.append(cut.empty() ? "-" : cut);
    text.remove_prefix(address.size());
  }
  return out;
}

}  // namespace weir
