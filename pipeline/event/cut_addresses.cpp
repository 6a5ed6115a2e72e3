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

/// The longest address that `text` begins with; empty when there is none.
std::string_view address_at(std::string_view text, arena& texts) {
  if (!may_begin(text)) return {};
  text = text.substr(0, longest);
  const auto is_part = [](char c) { return is_hex_digit(c) || is_separator(c); };
  const auto run =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_part) - text.begin());
  for (auto size = run; size >= shortest; --size)
    if (!private_ip(ip_privacy::truncate, text.substr(0, size), texts).empty()) return text.substr(0, size);
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
