#include "config/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

#include <fmt/format.h>

namespace weir::config {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};

// The largest first.
constexpr std::array<unit, 5> durations{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr std::array<unit, 5> sizes{
    {{"TiB", 1ULL << 40}, {"GiB", 1ULL << 30}, {"MiB", 1ULL << 20}, {"KiB", 1ULL << 10}, {"B", 1}}};
constexpr std::uint64_t longest = 36'500 * 86'400'000ULL;
constexpr std::uint64_t largest = (1ULL << 50) - 1;

std::optional<std::uint64_t> parse(std::string_view text, std::span<const unit> units, std::uint64_t most) {
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = parse_count(text.substr(0, digits));
  if (!count) return {};
  for (const auto& u : units)
    if (text.substr(digits) == u.name)
      return *count <= most / u.factor ? std::optional(*count * u.factor) : std::nullopt;
  return {};
}

std::string format(std::uint64_t x, std::span<const unit> units) {
  if (x == 0) return "0";
  for (const auto& u : units)
    if (x % u.factor == 0) return fmt::format("{}{}", x / u.factor, u.name);
  return fmt::format("{}", x);
}

}  // namespace

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return x;
}

std::optional<double> parse_number(std::string_view text) {
  double x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(x)) return {};
  return x;
}

std::optional<millis> parse_duration(std::string_view text) {
  if (text == "0") return 0;
  const auto x = parse(text, durations, longest);
  return x ? std::optional(static_cast<millis>(*x)) : std::nullopt;
}

std::string format_duration(millis x) {
  return x == unlimited ? "off" : format(static_cast<std::uint64_t>(x), durations);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const auto bytes = parse_count(text);
  if (bytes) return *bytes <= largest ? bytes : std::nullopt;
  return parse(text, sizes, largest);
}

std::string format_size(std::uint64_t bytes) { return format(bytes, sizes); }

}  // namespace weir::config
