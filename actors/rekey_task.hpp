#pragma once

#include <memory>
#include <string>

#include "actors/input_clock.hpp"
#include "actors/lane_context.hpp"
#include "actors/lane_task.hpp"
#include "actors/reader_actor.hpp"
#include "pipeline/clock/rekeyer.hpp"

namespace weir {

/// One partition of a source topic that is not keyed by session: passes its records on to weir.rekeyed, and
/// its clocks to every partition there. Keeps nothing but its clocks.
class rekey_task : public lane_task, public batch_reader {
 public:
  rekey_task(lane_context& lane, intake_options o, checkpoint_rules checkpoints, task_id id,
             std::shared_ptr<task_store> store);

  // -- lane_task
  bool is_source() const override { return true; }
  bool rekeys() const override { return true; }
  void load() override;
  void deliver(const fetched& run) override;
  void advance_clocks(const clock_reading& now) override;
  bool fire_timers() override { return false; }
  void quiet() override {}
  void end_actors() override;
  std::optional<clock_report> report() override;
  void describe(task_report& report) const override { report.clocks = state.clocks; }

  // -- for the reader
  void read(const batch_mail& mail) override;

 private:
  lane_context& lane_;
  const bool live_;
  const bool any_age_;  // events of any age may come
  rekeyer rekeyer_;
  input_clock clock_;
  caf::strong_actor_ptr reader_;
};

}  // namespace weir
