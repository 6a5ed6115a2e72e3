#pragma once

#include <absl/container/flat_hash_map.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/lane_actor.hpp"
#include "actors/messages.hpp"
#include "pipeline/kpi/window_cell.hpp"
#include "state/checkpoint/task_state.hpp"

namespace weir {

class kpi_task;

/// A KPI actor of the final tier: the windows and roll-ups of one site, family and shard. Adds deltas up,
/// publishes gold as the clocks close windows, feeds hours and days with closed ones.
///
/// Lifecycle: spawned by its task at the first delta or stored cell; ended with the task. Place: its lane's
/// thread. Limits: complete windows leave memory once their checkpoint is committed, and come back when they
/// are amended.
class final_actor : public lane_actor {
 public:
  final_actor(caf::actor_config& config, kpi_task& task, std::string site, family fam, unsigned shard);
  ~final_actor() override;

  /// Takes a stored cell back after a recovery, when something of it is still to come.
  void adopt(table_entry& entry, const cell_name& name);
  /// Ends what has been complete and checkpointed for the memory's sake. At a quiet point.
  void evict();
  /// The lowest end of a window in memory: one that is not complete, or not yet checkpointed.
  std::int64_t oldest_end() const;
  /// True while a cell is unpublished.
  bool unpublished() const;

  caf::strong_actor_ptr keep;

 protected:
  caf::behavior make_behavior() override;

 private:
  struct live_cell;
  struct window;
  using window_id = std::tuple<granularity, std::int64_t, std::int64_t>;

  template <class Handler>
  void guarded(Handler&& handler, std::int64_t offset = -1);
  void take(const partial_mail& mail);
  void tick(const window_clock_mail& now);
  span_of_time span_of(std::int64_t start) const;
  window& window_at(const span_of_time& span);
  void load_stored(window& w);
  live_cell& cell_at(window& w, const std::array<std::string_view, 3>& key);
  live_cell& cell_of(window& w, table_entry& entry);
  void add(window& w, live_cell& c, const cell& delta, std::int64_t offset);
  void changed(window& w, live_cell& c);
  void list(window& w, live_cell& c);
  void feed(window& w, live_cell& c, const cell& delta);
  void list_showing(window& w);
  void close(window& w);
  void tell_shares(window& w);
  void tell_passed(window& w);
  void publish_all(window& w);
  void publish(window& w);
  void publish_cell(window& w, live_cell& c);
  bool may_evict(window& w) const;

  kpi_task& task_;
  std::string site_;
  family family_;
  unsigned shard_;
  std::string timezone_;
  std::size_t max_keys_;
  std::map<window_id, std::unique_ptr<window>> windows_;
  std::string scratch_;
  std::int64_t next_publish_ = 0, next_rollup_publish_ = 0;
};

}  // namespace weir
