#include "pipeline/session/utf8_repair.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace weir {

namespace {

/// What may follow a lead byte: how many bytes, and in which range the first of them lies (Unicode 15, table
/// 3-7).
struct sequence {
  std::size_t tail = 0;
  unsigned char low = 0x80, high = 0xbf;
};

sequence sequence_of(unsigned char lead) {
  if (lead >= 0xc2 && lead <= 0xdf) return {1};
  if (lead >= 0xe0 && lead <= 0xef) {
    return {2, static_cast<unsigned char>(lead == 0xe0 ? 0xa0 : 0x80),
            static_cast<unsigned char>(lead == 0xed ? 0x9f : 0xbf)};
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    return {3, static_cast<unsigned char>(lead == 0xf0 ? 0x90 : 0x80),
            static_cast<unsigned char>(lead == 0xf4 ? 0x8f : 0xbf)};
  }
  return {};
}

/// Length of the sequence at the start, or of the maximal part of a broken one; `valid` says which.
std::size_t measure(std::string_view text, bool& valid) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  valid = byte(0) < 0x80;
  auto s = sequence_of(byte(0));
  if (s.tail == 0) return 1;
  std::size_t n = 1;
  for (; n <= s.tail && n < text.size() && byte(n) >= s.low && byte(n) <= s.high; ++n)
    s.low = 0x80, s.high = 0xbf;
  valid = n == s.tail + 1;
  return n;
}

bool is_ascii(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<signed char>(c) < 0; });
}

}  // namespace

void repair_utf8(std::string& text, std::size_t from) {
  const auto given = std::string_view(text).substr(from);
  if (is_ascii(given)) return;
  std::string repaired;
  bool broken = false;
  for (std::size_t i = 0; i < given.size();) {
    bool valid = false;
    const auto n = measure(given.substr(i), valid);
    repaired += valid ? given.substr(i, n) : std::string_view("\xef\xbf\xbd");
    broken |= !valid;
    i += n;
  }
  if (broken) text.replace(from, std::string::npos, repaired);
}

}  // namespace weir
