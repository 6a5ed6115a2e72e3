#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/final_actor.hpp"
#include "actors/lane_context.hpp"
#include "actors/lane_task.hpp"
#include "actors/reader_actor.hpp"
#include "actors/source_clocks.hpp"

namespace weir {

/// One partition of weir.partials: its final-tier KPI actors and the clocks of all sources.
class kpi_task : public lane_task, public batch_reader {
 public:
  struct options {
    std::vector<std::string> sources;  // every task that writes the stage's input, by name
    bool live = true;                  // open windows are published, too; false in replay
  };
  kpi_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
           std::shared_ptr<task_store> store);
  ~kpi_task() override;

  // -- lane_task
  void load() override;
  void deliver(const fetched& run) override;
  void advance_clocks(const clock_reading& now) override;
  bool fire_timers() override;
  void quiet() override;
  void end_actors() override;
  std::optional<clock_report> report() override { return std::nullopt; }
  void describe(task_report& report) const override;
  bool pending() const override;

  // -- for the reader
  void read(const batch_mail& mail) override;
  lane_context& lane() { return lane_; }
  bool live() const { return options_.live; }
  /// Minima over all sources.
  const clock_report& clocks() const { return sources_.low(); }
  /// True when no event metric can come any more (but by amendment) to a window of this family that ends
  /// there.
  bool events_complete(family fam, std::int64_t window_end) const;
  /// True when no session that started in it is open any more.
  bool complete(family fam, std::int64_t window_end) const;

 private:
  void bury(const record_chunk::entry& r, std::string_view payload);
  void take_deltas(std::string_view bytes, std::int64_t offset);
  final_actor& actor_of(std::string_view site, family fam, unsigned shard);
  void forget_old(family fam);
  std::int64_t forget_below(family fam) const;
  std::int64_t reach_of(family fam) const;

  lane_context& lane_;
  options options_;
  caf::strong_actor_ptr reader_;
  source_clocks sources_{state};
  std::map<std::tuple<std::string, family, unsigned>, final_actor*, std::less<>> actors_;
  std::deque<partial_record> records_;  // of the round in hand; mail points at them
  std::int64_t wall_ = 0;
  struct search {  // for old windows
    std::int64_t done_below = task_clocks::no_time;
    std::string from;  // the key at which it goes on; empty: at the first
  };
  std::array<search, families> searches_;
};

}  // namespace weir
