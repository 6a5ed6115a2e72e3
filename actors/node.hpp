#pragma once

#include <caf/actor_system.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "actors/lane.hpp"
#include "config/settings.hpp"

namespace weir {

/// How many lanes a node runs: `node.lanes`, or one a core.
unsigned lane_count(const settings& s);

/// What every lane of a node is told by the configuration; stores, sources, clocks and warnings are the
/// caller's.
lane_settings make_lane_settings(const settings& s, unsigned lane, unsigned lanes);

/// How partitions of a live source are read, by topic.
std::function<intake_options(const task_id&)> live_intake(const settings& s);

/// The lanes of this process, each on a thread of its own. When one cannot go on, the others are to be
/// stopped, too: `failure` tells.
///
/// Lifecycle: `add` each lane, `start` once, `stop` (or destroy). Concurrency: `start` and `stop` are called
/// by one thread, everything else by any. The actor system, rules and sources live longer.
class node {
 public:
  node(caf::actor_system& system, const rules& r, const traffic_sources& sources);
  ~node();

  void add(lane_settings settings, std::unique_ptr<log_member> member);
  /// Lets all lanes recover and run, each on its thread.
  void start(std::function<std::uint64_t()> log_version);
  /// Ends all lanes: each commits what it has, with a full checkpoint, and no member leaves before all have.
  void stop();

  /// Gives all tasks to other nodes; `drained` tells when that is done.
  void drain();
  bool drained() const;

  /// Why a lane ended by itself; nothing while all run.
  std::optional<std::string> failure() const;
  /// True when no lane found anything left to do at this version of the log.
  bool idle_at(std::uint64_t version) const;
  /// Sums over the lanes, as of their last commits; after `stop`, of all that they did.
  lane_counts counts() const;
  /// What each lane told last, in order of their numbers.
  std::vector<lane_report> reports() const;

 private:
  struct worker {
    lane_report last;  // before it is made, and when it is no more; guarded by mutex_
    lane_settings settings;
    std::unique_ptr<log_member> member;
    std::unique_ptr<lane> of;  // made and ended by its thread; guarded by mutex_
    std::jthread thread;
  };
  void run(worker& w);
  void fail(const std::string& why);

  caf::actor_system& system_;
  const rules& rules_;
  const traffic_sources& sources_;
  std::function<std::uint64_t()> log_version_;
  std::vector<std::unique_ptr<worker>> workers_;
  mutable std::mutex mutex_;  // guards everything below, and each worker's lane
  std::condition_variable ready_;
  std::size_t halted_ = 0;
  bool stopping_ = false;
  std::string failure_;
};

}  // namespace weir
