#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "state/log/local_log.hpp"
#include "tools/generate/traffic_generator.hpp"

namespace weir {

/// What a demo's traffic is: kept in its folder, so that the same traffic goes on after a restart.
struct demo_plan {
  std::uint64_t seed = 1;
  double rate = 0;                  // records a second, of wall time and event time; 0: as fast as can be
  std::int64_t start = 0;           // event time of the first record, milliseconds
  std::uint64_t sessions = 10'000;  // that are open, at rate 0
  std::int32_t partitions = 4;
  bool operator==(const demo_plan&) const = default;
};

/// The generator's options for a plan, without end.
traffic_options options_of(const demo_plan& plan);

/// The plan in a demo's folder; nothing when there is none. Throws std::runtime_error when it cannot be read.
std::optional<demo_plan> read_plan(const std::filesystem::path& dir);
/// Throws std::runtime_error.
void write_plan(const std::filesystem::path& dir, const demo_plan& plan);

/// Puts a plan's traffic into a topic of the log, from where the log ends: how many records there are already
/// is asked of the log, not remembered. A record's broker time is when it arrives in the plan's own time.
///
/// With a rate, records are sent when they are due, and those that are overdue at once. It does not run far
/// ahead of what is committed.
class demo_traffic {
 public:
  demo_traffic(local_log& log, std::string topic, const demo_plan& plan, std::uint64_t most_records);

  /// Sends until it is stopped, or `most_records` (0: no limit) are in the log. Returns then.
  void run(const std::stop_token& stop);

  /// How many records are in the log. Any thread.
  std::uint64_t sent() const { return sent_; }
  /// True when all are sent. Any thread.
  bool done() const { return done_; }

 private:
  using batch = std::vector<local_log::new_record>;
  bool fill(batch& out, const std::stop_token& stop);
  bool due(const generated_record& r) const;

  local_log& log_;
  const std::string topic_;
  const demo_plan plan_;
  traffic_generator generator_;
  generated_record next_;
  bool has_next_ = false;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<bool> done_ = false;
};

/// How many records of a topic are not committed by its ingest tasks yet.
std::int64_t lag_of(local_log& log, const std::string& topic);

}  // namespace weir
