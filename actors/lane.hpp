#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "actors/ingest_task.hpp"
#include "actors/kpi_task.hpp"
#include "actors/lane_context.hpp"
#include "actors/lane_report.hpp"
#include "actors/partial_actor.hpp"
#include "actors/users_task.hpp"
#include "pipeline/log/log.hpp"
#include "state/checkpoint/restorer.hpp"

namespace weir {

/// What a lane is told at its start.
struct lane_settings {
  std::string name;
  checkpoint_rules checkpoints;
  std::size_t batch = 1000;                 // records of one partition and poll
  std::size_t max_epoch_bytes = 32 << 20;   // commit.max_bytes: seal early
  std::size_t max_epoch_records = 100'000;  // commit.max_records
  std::size_t max_live = 100'000;           // actors.max_live, this lane's share
  std::size_t session_bytes = 512 << 20;    // memory.sessions, this lane's share
  std::int64_t oldest_copy =
      unlimited;  // milliseconds; an older copy may have missed tombstones of its changelog
  /// A copy that lacks more changes than this is brought up to date beside the lane, whose other tasks run.
  std::size_t restore_at_once = 1'000;
  restorer::starter start_restore = [](std::function<void()> work) { return std::jthread(std::move(work)); };
  bool live = true;                     // records have broker times, idle partitions close by the wall clock
  std::int32_t session_partitions = 0;  // of weir.sessions; 0: there is no users stage
  std::int32_t partial_partitions = 1;  // of weir.partials
  std::vector<std::string> sources;     // names of every task with session actors, by metadata
  std::vector<std::string> origins;     // names of every source partition that is re-keyed
  std::int32_t rekeyed_partitions = 0;  // of weir.rekeyed; 0: every source is keyed by session
  /// How a source partition is read.
  std::function<intake_options(const task_id&)> intake;
  /// Opens this node's copy of a task's state; the last one of the same task has been let go.
  std::function<std::shared_ptr<task_store>(const task_id&)> store;
  /// What events are enriched with from now on; asked every round, on the lane's thread.
  std::function<shared_enrichment()> enrichment = no_enrichment;
  /// Wall clock, milliseconds.
  std::function<std::int64_t()> now;
  /// Told of what went wrong and was mended.
  std::function<void(const std::string&)> warn = [](const std::string&) {};
  /// In tests: called before each event and timer of a session is handled; may throw.
  std::function<void(const handling&)> before_handling;
  std::size_t max_timers = 10'000;  // that fire before one commit
  /// Offsets that are known to fail, in tests.
  std::map<task_id, std::set<std::int64_t>> poison;
};

/// One lane: a member of the group with the tasks assigned to it, an execution unit for their actors, and one
/// thread.
///
/// The loop: poll; give each task's reader its records; run actors until no one has mail; give the KPI actors
/// the contributions; at the commit interval seal the epoch and hand it over, to be committed beside the
/// lane. Any failure (rejected or unknown commit, a handler that throws, a changed assignment) leads to the
/// one recovery. Tasks whose copy of the state is far behind come later: it is brought up to date beside the
/// lane, which meanwhile runs the others.
///
/// What it tells of itself are plain numbers of its own, copied for others at commits. Latency is that of the
/// oldest record of each run polled, taken for all records of the run: none of them was slower.
///
/// Concurrency: all methods are called by one thread, but `idle_at`, `told`, `report`, `stop`, `drain` and
/// `drained`.
class lane {
 public:
  /// Has no tasks until it `recover`s.
  lane(caf::actor_system& system, const rules& r, const traffic_sources& sources, lane_settings settings,
       std::unique_ptr<log_member> member);
  ~lane();

  /// One round of the loop; waits at most `wait_ms` for input. Throws `task_state::refused` when a task
  /// cannot go on.
  void step(int wait_ms);
  /// Recovers, and goes round until `stop`; then commits what there is with a full checkpoint.
  void run(const std::function<std::uint64_t()>& log_version);
  void stop() { stopping_ = true; }
  /// Gives its tasks to others, and goes on without any; one that has no others stops.
  void drain() { draining_ = true; }
  /// True when it has been drained.
  bool drained() const { return drained_; }
  /// The log's version at which this lane last found nothing left to do; 0 when it is busy.
  std::uint64_t idle_at() const { return idle_at_; }

  /// Polls and handles at most so many records of each partition; no commit. Returns how many there were.
  std::size_t poll(std::size_t max_records, int wait_ms);
  /// Seals the epoch and hands it over, when none is in flight. `full` writes every dirty key.
  bool seal(bool full);
  /// The same, unless the commit would change nothing that anyone could see: then clocks stay where they
  /// were.
  bool seal_news();
  /// Takes the outcome of the epoch in flight, if it is known; a bad one leads to recovery.
  void land();
  bool in_flight() const { return in_flight_; }
  /// True when there is nothing left to read, publish or commit.
  bool idle();
  /// Drops everything and begins again from what is committed. A log that cannot be reached is waited for, as
  /// long as no one stops the lane; then log_unavailable is thrown, as from a long restore.
  void recover();
  /// Ends all actors and gives up what is not committed: what a crash does.
  void drop();

  /// Of the epochs committed and the one being filled.
  lane_counts counts() const;
  /// The counts as of the last commit or recovery, or a second ago, for other threads.
  lane_counts told() const;
  /// All that it tells of itself, as of then; in a recovery as of its last step.
  lane_report report() const;
  /// Session actors.
  std::size_t live_sessions() const;
  std::vector<lane_task*> tasks();
  lane_context& context() { return context_; }

 private:
  void recover_once();
  void wait_for_log(const log_unavailable& why, std::chrono::milliseconds time);
  void go_round(const std::function<std::uint64_t()>& log_version);
  void finish();
  bool prepare();
  bool anything_new();
  void hand_in(bool full);
  void make_tasks();
  std::int64_t furthest_source() const;
  std::unique_ptr<lane_task> make_task(const task_id& id, std::shared_ptr<task_store> store,
                                       std::size_t session_bytes);
  std::unique_ptr<lane_task> make_source_task(const task_id& id, std::shared_ptr<task_store> store,
                                              ingest_task::options o, const checkpoint_rules& checkpoints);
  std::unique_ptr<lane_task> make_kpi_task(const task_id& id, std::shared_ptr<task_store> store);
  std::unique_ptr<lane_task> restored_task(const task_id& id, std::size_t session_bytes);
  void restore(const task_id& id, task_store& store);
  bool take_in_restored();
  bool redoing() const;
  bool write_down();
  bool renew_enrichment();
  void hold_back();
  void hand_over();
  lane_task& task_at(std::size_t place);
  void handle(const fetched& run);
  void deliver(lane_task& task, const fetched& run);
  void redo(lane_task& task, const fetched& run);
  void pass_marks(lane_task& task);
  void run_actors();
  void end_round();
  void move_clocks(std::int64_t now);
  void flush_partials();
  void report_clocks();
  void report_clock(lane_task& task);
  void count_changes(const task_commit& part);
  bool seal_due() const;
  bool overfull() const;
  bool all_read();
  void after_failure();
  void settle();
  void take_over();
  void tell();
  void tell(lane_state state, std::string waiting_for = {});
  void tell_now_and_then();
  void count_committed(const epoch& done);
  std::unique_ptr<epoch> next_epoch();

  lane_settings settings_;
  lane_context context_;
  std::unique_ptr<log_member> member_;
  std::vector<std::unique_ptr<lane_task>> tasks_;  // by place
  std::int64_t restore_floor_ = 0;                 // the furthest source's W at the last recovery
  std::set<task_id> made_anew_;                    // copies that did not do, and have not been used since
  restorer restores_;                              // of tasks that are assigned, and not in tasks_ yet
  std::vector<std::pair<partial_actor*, caf::strong_actor_ptr>> partials_;  // by family
  std::map<task_id, std::set<std::int64_t>> poison_;
  std::map<task_id, std::set<std::string>> poison_keys_;
  std::map<task_id, int> redo_failures_;
  std::vector<fetched> fetched_;
  std::unique_ptr<epoch> spare_;
  bool in_flight_ = false;
  using clock = std::chrono::steady_clock;
  struct arrival {  // of a run of records
    std::int64_t oldest;
    std::uint64_t count;
  };
  std::vector<arrival> arrivals_;   // in the epoch being filled
  struct flight {                   // what the epoch in flight will have done when it is committed
    std::vector<task_counts> done;  // by task
    std::vector<arrival> arrivals;
    clock::time_point since;
    std::int64_t since_wall = 0;
  };
  flight flying_;
  std::int64_t last_seal_ = 0;
  bool handled_since_seal_ = false;
  bool left_ = false;          // the group has been asked to give the tasks to others
  bool written_down_ = false;  // the last epoch sealed has everything, and nothing came since
  bool warned_of_keys_ = false;
  bool holding_back_ = false;  // a partition waits for slower ones
  lane_counts counts_;
  std::map<task_id, task_counts> done_;  // committed
  std::int64_t last_commit_ = 0;
  lane_state state_ = lane_state::starting;
  std::string waiting_for_;
  std::size_t assigned_ = 0;
  std::int64_t told_at_ = 0;
  mutable std::mutex told_mutex_;  // guards told_ alone
  lane_report told_;
  std::atomic<bool> stopping_ = false, draining_ = false, drained_ = false;
  std::atomic<std::uint64_t> idle_at_ = 0;
};

}  // namespace weir
