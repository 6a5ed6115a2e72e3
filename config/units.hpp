#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/rules.hpp"

namespace weir::config {

/// A duration: a whole number and `ms`, `s`, `m`, `h` or `d`, or 0. Up to 100 years.
std::optional<millis> parse_duration(std::string_view text);
/// In the largest unit that divides it; `off` for `unlimited`.
std::string format_duration(millis x);

/// A size in bytes: a whole number and `B`, `KiB`, `MiB`, `GiB` or `TiB`; a bare number is bytes. Below 2^50.
std::optional<std::uint64_t> parse_size(std::string_view text);
std::string format_size(std::uint64_t bytes);

/// Digits only.
std::optional<std::uint64_t> parse_count(std::string_view text);
/// A finite decimal number.
std::optional<double> parse_number(std::string_view text);

}  // namespace weir::config
