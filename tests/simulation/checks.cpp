// What must hold at every commit, and whenever everything is still.
#include <fmt/format.h>

#include <stdexcept>

#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

namespace weir::simulation {

/// A lane has handed an epoch over.
void world::sealed(std::size_t i) {
  for (const auto* task : lanes_[i]->tasks()) {
    const auto& state = task->state;
    if (state.redoing()) continue;
    boundaries_[{state.id(), state.next()}] = wall_;
    check_redo(state);
  }
}

/// A redo is bounded: no change is older than the interval of checkpoints, and marks are not more than
/// offsets.
void world::check_redo(const task_state& state) {
  const auto from = state.redo_from();
  const auto offsets = static_cast<std::size_t>(state.next() - from);
  if (state.marks() > offsets + 1)
    throw std::runtime_error(
        fmt::format("{}: {} marks for {} offsets", to_string(state.id()), state.marks(), offsets));
  const auto age = wall_ - boundaries_[{state.id(), from}];
  if (offsets > 0 && age >= plan_.checkpoint_interval)
    throw std::runtime_error(fmt::format("{}: a redo would go {} ms back, the interval is {} ms",
                                         to_string(state.id()), age, plan_.checkpoint_interval));
}

void world::check_lists() {
  for (auto& l : lanes_)
    if (l && l->context().enrichment.data() != lists_)
      throw std::runtime_error("a lane still uses old lists");
}

/// Reads and commits everything, and lets intervals of publication pass: then all there is must be published.
void world::rest() {
  constexpr int rounds = 40;
  constexpr auto step = 6 * second;
  if (!plan_.backfill && arrived_ < plan_.arrivals.size() &&
      plan_.arrivals[arrived_].time < wall_ + rounds * step)
    return;
  for (int round = 0, calm = 0; round < rounds && calm < 3; ++round) {
    for (std::size_t i = 0; i < lanes_.size(); ++i) turn(i);
    calm = caught_up() ? calm + 1 : 0;
    pass(step);
  }
  ++faults_["rest"];
  check_published();
}

/// The last records of the site's windows add up to the events that were accepted, of who is no bot.
void world::check_published() {
  std::int64_t accepted = 0, published = 0;
  for (std::int32_t p = 0; p < plan_.partitions; ++p)
    log_.read_all(std::string(to_string(output::events)), p,
                  [&](auto, std::string_view value) { accepted += !dropped(value) && !of_bot(value); });
  std::map<std::string, std::int64_t, std::less<>> windows;
  if (log_.has_topic("weir.gold.site"))
    log_.read_all("weir.gold.site", 0, [&](std::string_view key, std::string_view value) {
      if (key.find("|5m|") != std::string_view::npos)
        windows[std::string(key)] = number_field(value, "events");
    });
  for (const auto& [_, events] : windows) published += events;
  if (accepted != published)
    throw std::runtime_error(fmt::format("at rest {} events are published, of {}", published, accepted));
}

/// All input has ended, or the clock has gone far beyond it: no window waits for anyone, but a cohort for W
/// where events of any age may come.
void world::check_final() {
  std::map<std::string, bool, std::less<>> windows;
  const std::string retention_topic = "weir.gold.retention";
  for (const auto& topic :
       {std::string("weir.gold.site"), retention_topic, std::string("weir.gold.journeys")})
    if (log_.has_topic(topic))
      log_.read_all(topic, 0, [&](std::string_view key, std::string_view value) {
        const bool waits = with_faults_ && plan_.ends_by_clock && plan_.backfill;
        windows[fmt::format("{} {}", topic, key)] =
            value.find(R"("final":true)") != std::string_view::npos || (waits && topic == retention_topic);
      });
  for (const auto& [name, final] : windows)
    if (!final) throw std::runtime_error(name + ": it is not final at the end");
}

/// When everything is still: nothing dirty, one mark, no tombstones.
void world::check_bounds() {
  const auto overdue = plan_.checkpoint_interval + second;
  pass(overdue);
  for (int i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < lanes_.size(); ++j)
      if (lanes_[j]) {
        seal(j, false);
        land(j, memory_log::fate::committed);
        pass(overdue);
      }
  for (auto& l : lanes_) {
    if (!l) continue;
    if (l->counts().divergences > 0) throw std::runtime_error("a redo diverged");
    for (auto* task : l->tasks()) {
      const auto& state = task->state;
      if (state.dirty_keys() > 0) throw std::runtime_error(to_string(state.id()) + ": dirty when idle");
      if (state.marks() > 1) throw std::runtime_error(to_string(state.id()) + ": its ring does not shrink");
      if (state.tombstones() > 0) throw std::runtime_error(to_string(state.id()) + ": tombstones stay");
    }
  }
}

}  // namespace weir::simulation
