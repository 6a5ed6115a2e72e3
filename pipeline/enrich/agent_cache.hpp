#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "pipeline/base/arena.hpp"
#include "pipeline/enrich/enrichment_data.hpp"
#include "pipeline/enrich/recent_cache.hpp"
#include "pipeline/event/event.hpp"

namespace weir {

/// What a lane knows of the user agents that it met lately: one met again costs a look-up and a copy.
class agent_cache {
 public:
  /// Fills in what the event's agent tells: device, browser and operating system instead of the claims, and
  /// whether it is a bot's. events.md, "Enrichment"; docs/interpretations.md says what goes together.
  void enrich(event& e, arena& texts, const enrichment_data& data);
  /// Forgets all: the data has changed.
  void clear() { known_.clear(); }

 private:
  static constexpr std::size_t fields = 7;
  struct entry {
    std::string texts;  // one behind the other
    std::array<std::uint32_t, fields> sizes{};
    bool crawler = false, headless = false;
  };
  static entry look_up(std::string_view agent, const enrichment_data& data);
  static void put(const entry& known, event& e, arena& texts);

  static constexpr std::size_t bytes = 4 << 20;  // of a generation: some 15,000 agents
  recent_cache<entry> known_{bytes};
};

}  // namespace weir
