#include "pipeline/base/base64.hpp"

#include <array>
#include <cstdint>

#include "pipeline/base/codec.hpp"

namespace weir {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint32_t no_digit = 64;

constexpr auto digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<unsigned char>(alphabet[i])] = std::uint8_t(i);
  return table;
}();

std::uint32_t octet(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

std::uint32_t digit(char c) {
  const std::uint32_t value = digits[static_cast<unsigned char>(c)];
  if (value == no_digit) throw decode_error("not a base64 digit");
  return value;
}

std::size_t padding_of(std::string_view text) {
  if (text.empty() || text.back() != '=') return 0;
  return text[text.size() - 2] == '=' ? 2 : 1;
}

}  // namespace

void append_base64(std::string& out, std::string_view bytes) {
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = octet(bytes, at) << 16 | octet(bytes, at + 1) << 8 | octet(bytes, at + 2);
    const auto left = bytes.size() - at;
    out += alphabet[group >> 18];
    out += alphabet[group >> 12 & 63];
    out += left > 1 ? alphabet[group >> 6 & 63] : '=';
    out += left > 2 ? alphabet[group & 63] : '=';
  }
}

std::string decode_base64(std::string_view text) {
  if (text.size() % 4 != 0) throw decode_error("base64 comes in groups of four");
  const auto padding = padding_of(text);
  const auto plain = text.size() - padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t at = 0; at < plain; ++at) {
    group = group << 6 | digit(text[at]);
    if (at % 4 != 3) continue;
    out += static_cast<char>(group >> 16);
    out += static_cast<char>(group >> 8);
    out += static_cast<char>(group);
    group = 0;
  }
  if (padding == 0) return out;
  // What is left are the bytes of a cut group, then bits that must be 0: one text, one meaning.
  group <<= 6 * padding;
  out += static_cast<char>(group >> 16);
  if (padding == 1) out += static_cast<char>(group >> 8);
  if ((group & (padding == 1 ? 0xffU : 0xffffU)) != 0) throw decode_error("base64 ends in stray bits");
  return out;
}

}  // namespace weir
