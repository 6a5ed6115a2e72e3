#include "pipeline/event/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace weir {

namespace {

bool continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The range that a code point of this length must be in, so that each has one form only.
bool shortest(std::uint32_t code, std::size_t length) {
  if (length == 2) return code >= 0x80;
  if (length == 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
  return code >= 0x10000 && code <= 0x10ffff;
}

std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc0 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  return 0;
}

std::size_t ascii_run(std::string_view text, std::size_t at) {
  const auto begin = at;
  for (std::uint64_t word; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if (word & 0x8080808080808080ULL) break;
  }
  return at - begin;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const auto lead = static_cast<unsigned char>(text[at]);
  const auto length = length_by_lead(lead);
  if (length <= 1) return length;
  if (at + length > text.size()) return 0;
  std::uint32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!continuation(text[at + i])) return 0;
    code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
  }
  return shortest(code, length) ? length : 0;
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = ascii_run(text, 0); at < text.size();) {
    const auto length = utf8_length(text, at);
    if (length == 0) return false;
    at += length;
    if (length > 1) at += ascii_run(text, at);
  }
  return true;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += !continuation(c);
  return count;
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

std::string to_utf8(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = utf8_length(text, at);
    length ? out.append(text, at, length) : out.append("\xef\xbf\xbd");
    at += length ? length : 1;
  }
  return out;
}

}  // namespace weir
