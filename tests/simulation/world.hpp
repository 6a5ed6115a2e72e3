#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "actors/lane.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/traffic_source.hpp"
#include "state/log/memory_log.hpp"
#include "state/store/memory_store.hpp"

namespace weir::simulation {

/// One input record.
struct arrival {
  std::int32_t partition = 0;
  std::int64_t time = 0;  // broker time
  std::string key, value;
};

/// What a seed decides before the first step.
struct plan {
  std::uint64_t seed = 0;
  std::int32_t partitions = 1;
  std::int64_t checkpoint_interval = 0;
  std::size_t session_bytes = 0;  // of a lane
  /// Events may be of any age, and windows are kept by W. Else late.max_delay bounds their age by their
  /// broker times, windows are kept by C, and the wall clock does not run ahead of what arrives.
  bool backfill = false;
  bool ends_by_clock = false;  // no one says that the input has ended: the wall clock closes everything
  std::vector<arrival> arrivals;
  std::set<std::pair<std::int32_t, std::int64_t>> poison;  // partition, offset: the handler always throws
  std::map<std::pair<std::int32_t, std::int64_t>, int>
      flaky;  // throws once: the n-th time that it is handled
};
plan make_plan(std::uint64_t seed);

/// How often each fault struck.
using fault_counts = std::map<std::string, std::uint64_t>;

/// Users by key, with their last records; not those that are ended.
struct user_records {
  std::map<std::string, std::string> last;
  std::int64_t expired_below = 0;  // last seen before it: may have been forgotten, or not yet
};

/// Everything that must be the same whatever happened on the way.
struct final_output {
  std::map<std::string, std::vector<std::string>> ordered;  // topic/partition -> values in order
  std::map<std::string, std::string> sessions;  // session_key -> last content, without its revision
  std::map<std::string, std::vector<std::string>> revisions;  // session_key -> its revisions as published
  user_records users;
  std::map<std::string, std::string> gold;  // key -> last record, without revision and watermark
  std::vector<std::pair<std::int32_t, std::int64_t>>
      buried;  // internal_error dead letters: partition, offset
};

/// One run over the memory log: nodes with their disks, lanes, and a clock.
class world {
 public:
  world(const plan& p, bool with_faults, std::set<std::pair<std::int32_t, std::int64_t>> known_poison);
  ~world();

  /// Runs the plan; with faults, random ones drawn from the seed. Throws std::runtime_error when an invariant
  /// breaks.
  final_output run();
  const fault_counts& faults() const { return faults_; }

 private:
  struct node {
    std::map<task_id, std::shared_ptr<memory_store>> disks;
  };

  void act();
  void arrive();
  void start_lane(std::size_t i);
  void stop_lane(std::size_t i);
  void crash(std::size_t i);
  void sleep_and_compact();
  void seal(std::size_t i, bool full);
  std::size_t poll(std::size_t i, std::size_t records);
  void step(std::size_t i);
  void land(std::size_t i, memory_log::fate how);
  void turn(std::size_t i);
  void restore_beside();
  void reload_lists();
  void pass(std::int64_t time);
  void handling(std::size_t i, const weir::handling& h);
  void handling_user(std::size_t i, const weir::handling& h);
  void finish();
  bool quiet();
  bool caught_up();

  void rest();
  void sealed(std::size_t i);
  void check_redo(const task_state& task);
  void check_published();
  void check_final();
  void check_bounds();
  void check_alerts();
  void check_lists();
  user_records known_users();
  std::int64_t settled_by(std::int64_t wall) const;
  final_output collect();
  bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(random_) < share; }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  const plan& plan_;
  bool with_faults_;
  std::set<std::pair<std::int32_t, std::int64_t>> known_poison_;
  std::map<std::pair<std::int32_t, std::int64_t>, int> flaky_left_;
  std::mt19937_64 random_;
  std::unique_ptr<caf::actor_system> system_;
  memory_log log_;
  std::int64_t wall_;
  std::size_t arrived_ = 0;
  double crashes_ = 0;
  int user_faults_left_ = 2;  // three in one redo refuse the task
  std::vector<node> nodes_;
  std::vector<std::size_t> node_of_;  // lane -> node
  shared_enrichment lists_ = no_enrichment();
  std::vector<std::function<void()>> restores_;  // that lanes have begun, and no one has done yet
  std::vector<std::unique_ptr<lane>> lanes_;     // null: not in the group
  std::map<std::pair<task_id, std::int64_t>, std::int64_t> boundaries_;  // of commits: offset -> wall time
  fault_counts faults_;
  std::optional<user_records> users_;  // before the clock alone made them expire
  std::string violation_;              // what a lane found wrong by itself
};

}  // namespace weir::simulation
