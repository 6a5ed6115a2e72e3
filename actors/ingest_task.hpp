#pragma once

#include <absl/container/inlined_vector.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "actors/deadlines.hpp"
#include "actors/lane_context.hpp"
#include "actors/lane_task.hpp"
#include "actors/session_actor.hpp"
#include "pipeline/base/arena.hpp"
#include "pipeline/clock/intake.hpp"

namespace weir {

class reader_actor;

/// One partition of a source topic: its reader, its session actors, its clocks and timers.
class ingest_task : public lane_task {
 public:
  struct options {
    intake_options intake;
    std::size_t max_live = 100'000;   // session actors
    std::size_t max_timers = 10'000;  // that fire before one commit
  };
  ingest_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
              std::shared_ptr<task_store> store);
  ~ingest_task() override;

  // -- lane_task
  void load() override;
  void deliver(const fetched& run) override;
  void advance_clocks(const clock_reading& now) override;
  bool fire_timers() override;
  void quiet() override;
  void end_actors() override;
  std::optional<clock_report> report() override;
  void describe(task_report& report) const override;

  // -- for the reader
  /// Takes records in: called by the reader with its mail.
  void read(const batch_mail& mail);

  // -- for the sessions
  lane_context& lane() { return lane_; }
  /// The clock that a session at this watermark closes by.
  std::int64_t closing_clock(std::int64_t watermark) const { return std::max(state.clocks.c, watermark); }
  /// What a change of a key must be told to: timers, `settled`, the table.
  void session_changed(session_actor& actor, const digest& made);
  /// The windows in which the key's open sessions started: they hold `settled` back.
  using windows = absl::InlinedVector<std::int64_t, 2>;
  void count_open(const windows& before, const windows& after);

 private:
  void arrive(arrived_event& x);
  void hand_over();
  session_actor& actor_of(table_entry& e);
  void fire(table_entry& e, std::int64_t w);
  void bury_key(table_entry& e);
  void end_cold();
  void end_emptied();
  void end(table_entry& e);
  std::int64_t settled() const;
  std::int64_t told_watermark() const;

  lane_context& lane_;
  options options_;
  intake intake_;
  caf::strong_actor_ptr reader_;

  deadlines<&table_entry::next_close, &table_entry::close_timer> closes_{state};
  deadlines<&table_entry::next_forget, &table_entry::forget_timer> forgets_{state};
  std::map<std::int64_t, std::int64_t> open_;  // window of start -> open sessions
  entry_list live_;                            // keys with an actor by its last mail, lazily
  std::size_t lives_ = 0;                      // how many
  std::vector<table_entry*> emptied_;

  // of the batch in hand
  arena texts_;
  std::deque<arrived_event> events_;
  std::size_t arrived_ = 0;
  struct group {
    table_entry* entry;
    arrived_event *first, *last;
  };
  std::vector<group> groups_;
  std::string key_;  // scratch

  bool fed_ = true;                             // there were records since the last commit, or may have been
  std::int64_t fed_at_ = 0;                     // wall time of the first commit after the last record
  std::int64_t last_c_ = task_clocks::no_time;  // C of the last commit
  std::int64_t highest_record_ = task_clocks::no_time;  // highest broker time: A
};

}  // namespace weir
