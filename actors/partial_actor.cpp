#include "actors/partial_actor.hpp"

namespace weir {

partial_actor::partial_actor(caf::actor_config& config, lane_context& lane, family fam)
    : lane_actor(config), lane_(lane), table_(fam, lane.settings.kpi.shards) {}

caf::behavior partial_actor::make_behavior() {
  return {
      [this](const contributions_mail& mail) { table_.add(*mail.round); },
      [this](const flush_mail&) { flush(); },
      [this](const end_mail&) { quit(); },
  };
}

void partial_actor::flush() {
  auto& out = lane_.records();
  out.drop(false);
  table_.flush(
      [&](std::string_view key, std::string_view value) { out.put(output::partials, -1, key, value); });
}

}  // namespace weir
