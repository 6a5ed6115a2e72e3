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
  std::vector<arrival> arrivals;
  std::set<std::pair<std::int32_t, std::int64_t>> poison;  // partition, offset: the handler always throws
  std::set<std::pair<std::int32_t, std::int64_t>> flaky;   // throws once
};
plan make_plan(std::uint64_t seed);

/// How often each fault struck.
using fault_counts = std::map<std::string, std::uint64_t>;

/// Everything that must be the same whatever happened on the way.
struct final_output {
  std::map<std::string, std::vector<std::string>> ordered;  // topic/partition -> values in order
  std::map<std::string, std::string> sessions;  // session_key -> last content, without its revision
  std::map<std::string, std::vector<std::string>> revisions;  // session_key -> its revisions as published
  std::map<std::string, std::string> gold;  // key -> last record, without revision and watermark
  std::vector<std::pair<std::int32_t, std::int64_t>>
      buried;  // internal_error dead letters: partition, offset
};

/// The rules under which all simulations run.
const rules& simulated_rules();

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
  void land(std::size_t i, memory_log::fate how);
  void finish();
  bool quiet();
  void check_bounds();
  final_output collect();
  bool chance(double share) { return std::uniform_real_distribution<>(0, 1)(random_) < share; }
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  const plan& plan_;
  bool with_faults_;
  std::set<std::pair<std::int32_t, std::int64_t>> known_poison_, flaky_left_;
  std::mt19937_64 random_;
  std::unique_ptr<caf::actor_system> system_;
  memory_log log_;
  std::int64_t wall_;
  std::size_t arrived_ = 0;
  double crashes_ = 0;
  std::vector<node> nodes_;
  std::vector<std::size_t> node_of_;          // lane -> node
  std::vector<std::unique_ptr<lane>> lanes_;  // null: not in the group
  fault_counts faults_;
  std::string violation_;  // what a lane found wrong by itself
};

}  // namespace weir::simulation
