#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weir {

/// What speaks for a bot. events.md, "Bots".
enum class bot_signal : std::uint8_t { crawler, headless, empty_agent, rate, burst, no_interaction, count_ };
inline constexpr auto bot_signals = static_cast<std::size_t>(bot_signal::count_);
std::string_view to_string(bot_signal signal);

/// Signals that hold: bit n is signal n.
using signal_set = std::uint8_t;
constexpr signal_set set_of(bot_signal signal) { return signal_set(1U << static_cast<unsigned>(signal)); }
constexpr bool contains(signal_set set, bot_signal signal) { return (set & set_of(signal)) != 0; }
inline constexpr signal_set all_signals = (1U << bot_signals) - 1;

/// Their names as a JSON array.
std::string_view json_of(signal_set set);

/// What signals weigh, in 10^-6 so that sums are exact, and from which sum on a session is a bot.
struct bot_rules {
  std::int64_t threshold = 1'000'000;
  std::array<std::int64_t, bot_signals> weights{1'000'000, 1'000'000, 500'000, 1'000'000, 1'000'000, 500'000};
  std::uint64_t max_events_per_minute = 120;

  std::int64_t score(signal_set set) const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < bot_signals; ++i)
      if (contains(set, static_cast<bot_signal>(i))) sum += weights[i];
    return sum;
  }
};

}  // namespace weir
