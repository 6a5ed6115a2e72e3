#include "pipeline/session/form_decode.hpp"

#include <algorithm>

#include "pipeline/session/utf8_repair.hpp"

namespace weir {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

/// The next decoded byte; moves `i` past what stands for it.
char next_byte(std::string_view encoded, std::size_t& i) {
  const auto c = encoded[i++];
  if (c == '+') return ' ';
  if (c != '%' || i + 2 > encoded.size()) return c;
  const auto high = hex_digit(encoded[i]);
  const auto low = hex_digit(encoded[i + 1]);
  if (high < 0 || low < 0) return c;
  i += 2;
  return static_cast<char>(high << 4 | low);
}

bool is_encoded(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c == '%' || c == '+'; });
}

}  // namespace

std::string_view form_decode(std::string_view text, scratch_text& scratch) {
  if (!is_encoded(text)) return text;
  auto& out = scratch.open();
  const auto from = out.size();
  for (std::size_t i = 0; i < text.size();) out += next_byte(text, i);
  repair_utf8(out, from);
  return scratch.since(from);
}

bool decodes_to(std::string_view encoded, std::string_view plain) {
  if (encoded.size() < plain.size()) return false;
  std::size_t i = 0;
  for (const auto c : plain) {
    if (i == encoded.size() || next_byte(encoded, i) != c) return false;
  }
  return i == encoded.size();
}

}  // namespace weir
