#include "actors/rekey_task.hpp"

#include <utility>

namespace weir {

rekey_task::rekey_task(lane_context& lane, intake_options o, checkpoint_rules checkpoints, task_id id,
                       std::shared_ptr<task_store> store)
    : lane_task(std::move(id), checkpoints, std::move(store)),
      lane_(lane),
      live_(o.live),
      any_age_(!o.live || o.source.backfill),
      rekeyer_(std::move(o), lane.settings, lane.enrichment) {
  lane_.spawn<reader_actor>(reader_, *this);
}

/// Sessions from when the source was keyed would stay open for ever: no one would close them.
void rekey_task::load() {
  state.store().scan(first_value_key, [this](std::string_view, std::string_view) -> bool {
    const auto& id = state.id();
    throw task_state::refused(to_string(id) +
                              ": its state has sessions from when the source was keyed by session. Set "
                              "keyed_by_session: true again until they have ended, or give them up: weir "
                              "reset --topic " +
                              id.topic + " --partition " + std::to_string(id.partition));
  });
}

void rekey_task::end_actors() {
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_), end_mail{});
  lane_.unit.run_until_idle();
  reader_.reset();
}

void rekey_task::deliver(const fetched& run) {
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_),
             batch_mail{run.chunk.get(), run.first, run.count});
}

void rekey_task::read(const batch_mail& mail) {
  lane_.enter(state);
  auto& clocks = state.clocks;
  const auto before = lane_.made();
  for (auto i = mail.first; i < mail.first + mail.count; ++i) {
    const auto& r = mail.chunk->entries[i];
    rekeyer_.take(r.offset, r.time, mail.chunk->value(r), clocks.highest, lane_.records());
    if (clocks.highest != task_clocks::no_time) clocks.w = rekeyer_.watermark(clocks.highest);
    clock_.fed(live_ ? r.time : clocks.highest);
    state.set_next(r.offset + 1);
  }
  state.keyless(lane_.made() - before);
}

void rekey_task::advance_clocks(const clock_reading& now) {
  clock_.advance(now, state.next(), lane_.settings.time, state.clocks);
}

std::optional<clock_report> rekey_task::report() {
  const auto& clocks = state.clocks;
  const bool done = clocks.c == end_of_time;
  return clock_report{told_watermark_of_origin(clocks, lane_.settings, any_age_), clocks.c,
                      done ? end_of_time : clock_.highest_record(), task_clocks::no_time};
}

}  // namespace weir
