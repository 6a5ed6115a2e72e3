#include "pipeline/event/bot_signal.hpp"

#include <string>

namespace weir {

namespace {

constexpr std::array<std::string_view, bot_signals> names{"crawler", "headless", "empty_agent",
                                                          "rate",    "burst",    "no_interaction"};

std::array<std::string, all_signals + 1> all_sets() {
  std::array<std::string, all_signals + 1> sets;
  for (std::size_t set = 0; set < sets.size(); ++set) {
    for (std::size_t i = 0; i < bot_signals; ++i)
      if (contains(static_cast<signal_set>(set), static_cast<bot_signal>(i)))
        sets[set].append(sets[set].empty() ? "[\"" : ",\"").append(names[i]).append("\"");
    sets[set].append(sets[set].empty() ? "[]" : "]");
  }
  return sets;
}

}  // namespace

std::string_view to_string(bot_signal signal) { return names[static_cast<std::size_t>(signal)]; }

std::string_view json_of(signal_set set) {
  static const auto sets = all_sets();
  return sets[set & all_signals];
}

}  // namespace weir
