#pragma once

#include <absl/container/inlined_vector.h>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "actors/deadlines.hpp"
#include "actors/input_clock.hpp"
#include "actors/lane_context.hpp"
#include "actors/lane_task.hpp"
#include "actors/live_actors.hpp"
#include "actors/mail_groups.hpp"
#include "actors/origin_clocks.hpp"
#include "actors/reader_actor.hpp"
#include "actors/session_actor.hpp"
#include "pipeline/base/arena.hpp"
#include "pipeline/clock/intake.hpp"

namespace weir {

/// One partition of a source topic, or of weir.rekeyed: its reader, its session actors, its clocks and
/// timers.
class ingest_task : public lane_task, public batch_reader {
 public:
  struct options {
    intake_options intake;             // of a source partition
    std::vector<std::string> origins;  // of weir.rekeyed: the source partitions, `<topic>/<partition>`
    std::function<intake_options(const task_id&)> origin_intake;  // of weir.rekeyed: how each is read
    std::size_t max_live = 100'000;                               // session actors
    std::size_t max_timers = 10'000;                              // that fire before one commit
  };
  ingest_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
              std::shared_ptr<task_store> store);
  ~ingest_task() override;

  // -- lane_task
  bool is_source() const override { return !origins_; }
  void load() override;
  void deliver(const fetched& run) override;
  void advance_clocks(const clock_reading& now) override;
  bool fire_timers() override;
  void quiet() override;
  void end_actors() override;
  std::optional<clock_report> report() override;
  void describe(task_report& report) const override;

  // -- for the reader
  void read(const batch_mail& mail) override;

  // -- for the sessions
  lane_context& lane() { return lane_; }
  /// What a key of this task's state stands for.
  session_name name_of(std::string_view state_key) const;
  /// The clock that a session at this watermark closes by.
  std::int64_t closing_clock(std::int64_t watermark) const { return std::max(state.clocks.c, watermark); }
  /// What a change of a key must be told to: timers, `settled`, the table.
  void session_changed(session_actor& actor, const digest& made);
  /// The windows in which the key's open sessions started: they hold `settled` back.
  using windows = absl::InlinedVector<std::int64_t, 2>;
  void count_open(const windows& before, const windows& after);

 private:
  intake& intake_of(std::string_view origin, const task_id& id);
  void set_watermark(std::int64_t highest);
  arrived_event& slot();
  bool take(std::string_view key, const record_chunk::entry& r, std::string_view payload,
            intake::effects& out);
  bool take_rekeyed(std::string_view key, const record_chunk::entry& r, std::string_view value,
                    intake::effects& out);
  std::int64_t lowest_highest() const;
  static void check_key(std::string_view key, const event& e, intake_counts& counted);
  void arrive(arrived_event& x, std::string_view source_topic);
  session_actor& actor_of(table_entry& e) { return live_.of<session_actor>(e, *this); }
  void fire(table_entry& e, std::int64_t w);
  void bury_key(table_entry& e);
  std::int64_t settled() const;

  lane_context& lane_;
  options options_;
  std::optional<intake> intake_;  // of a source partition
  // Of weir.rekeyed, by source partition:
  std::optional<origin_clocks> origins_;
  std::map<std::string, std::unique_ptr<intake>, std::less<>> intakes_;
  caf::strong_actor_ptr reader_;

  deadlines<&table_entry::next_close, &table_entry::close_timer> closes_{state};
  deadlines<&table_entry::next_forget, &table_entry::forget_timer> forgets_{state};
  std::map<std::int64_t, std::int64_t> open_;  // window of start -> open sessions
  live_actors live_;

  // of the batch in hand
  arena texts_;
  std::deque<arrived_event> events_;
  std::size_t arrived_ = 0;
  mail_groups<arrived_event> groups_;
  std::string key_;  // scratch

  input_clock clock_;
  std::int64_t last_c_ = task_clocks::no_time;  // C of the last commit
};

}  // namespace weir
