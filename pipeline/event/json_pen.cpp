#include "pipeline/event/json_pen.hpp"

namespace weir {

namespace {

constexpr std::uint64_t ones = 0x0101010101010101ULL;
constexpr std::uint64_t highs = 0x8080808080808080ULL;

// Not 0 when one of the eight bytes must be escaped in a JSON string: below 0x20, a quote or a backslash. (A
// borrow can make it so without need, for a byte above one that must.)
std::uint64_t escapes(std::uint64_t word) {
  const auto quotes = word ^ (ones * '"');
  const auto backslashes = word ^ (ones * '\\');
  return (((word - ones * 0x20) & ~word) | ((quotes - ones) & ~quotes) |
          ((backslashes - ones) & ~backslashes)) &
         highs;
}

// Sixteen bytes at once, on every machine that has such registers.
using bytes16 = unsigned char __attribute__((vector_size(16)));

// Not 0 in each byte that must be escaped.
auto escapes(bytes16 x) { return (x < 0x20) | (x == '"') | (x == '\\'); }

// Up to eight bytes without reading beyond them; the rest of the word is a plain letter.
std::uint64_t short_word(const char* from, std::size_t size) {
  std::uint64_t word = ones * 'a';
  switch (size) {
    case 1:
      std::memcpy(&word, from, 1);
      break;
    case 2:
      std::memcpy(&word, from, 2);
      break;
    case 3:
      std::memcpy(&word, from, 3);
      break;
    case 4:
      std::memcpy(&word, from, 4);
      break;
    case 5:
      std::memcpy(&word, from, 5);
      break;
    case 6:
      std::memcpy(&word, from, 6);
      break;
    case 7:
      std::memcpy(&word, from, 7);
      break;
    default:
      break;
  }
  return word;
}

}  // namespace

bool json_pen::copy_plain(std::string_view text) {
  char* to = at_;
  *to++ = '"';
  const char* from = text.data();
  auto left = text.size();
  decltype(escapes(bytes16{})) found16{};
  for (bytes16 x; left >= sizeof x; left -= sizeof x, from += sizeof x, to += sizeof x) {
    std::memcpy(&x, from, sizeof x);
    found16 |= escapes(x);
    std::memcpy(to, &x, sizeof x);
  }
  std::uint64_t found = 0, word;
  if (left >= sizeof word) {
    std::memcpy(&word, from, sizeof word);
    found = escapes(word);
    std::memcpy(to, &word, sizeof word);
    from += sizeof word, to += sizeof word, left -= sizeof word;
  }
  word = short_word(from, left);
  found |= escapes(word);
  std::memcpy(to, &word, sizeof word);
  std::uint64_t halves[2];
  std::memcpy(halves, &found16, sizeof halves);
  if (found | halves[0] | halves[1]) return false;
  to[left] = '"';
  at_ = to + left + 1;
  return true;
}

}  // namespace weir
