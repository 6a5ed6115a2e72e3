#include "pipeline/base/micros.hpp"

#include <charconv>

namespace weir {

namespace {
constexpr std::size_t micro_digits = 6;
constexpr std::size_t longest = 32;  // longer ones are too large
}  // namespace

std::optional<std::int64_t> parse_micros(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = text.substr(0, point);
  const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  if (whole.empty() || whole.size() > longest || fraction.size() > micro_digits) return std::nullopt;
  char digits[longest + micro_digits];
  auto* end = digits + whole.copy(digits, whole.size());
  end += fraction.copy(end, fraction.size());
  for (auto i = fraction.size(); i < micro_digits; ++i) *end++ = '0';
  std::int64_t x = 0;
  const auto parsed = std::from_chars(digits, end, x);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
  return x;
}

}  // namespace weir
