#pragma once

#include <cstdint>
#include <deque>
#include <queue>
#include <string>
#include <utility>
#include <vector>

namespace weir::peers {

struct visit_options {
  long events = 1'000'000;
  long sessions = 100'000;  ///< open in the steady state: active, or silent for less than 30 minutes
  long seed = 1;
  long jitter_ms = 20'000;  ///< a timestamp lags by at most that: below 30 s, so that no event is late
  long start_ms = 1'767'225'600'000;  ///< 2026-01-01T00:00:00Z
  int partitions = 4, sites = 20, pages = 500;
  double event_rate = 0;  ///< events per second of event time; 0: what holds `sessions` open
  double duplicates = 0.01, malformed = 0.005;
};

struct visit_record {
  std::string key, value;
  long at_ms = 0;  ///< when it arrives
};

/// What the consumers must find in all that was generated.
struct visit_counts {
  long valid = 0, malformed = 0, duplicates = 0, sessions = 0;
};

/// splitmix64
struct visit_random {
  std::uint64_t state;

  std::uint64_t next();
  std::uint64_t below(std::uint64_t n);
  double unit();
  /// Roughly Zipf: density ~ 1/x.
  int skewed(int n);
};

/// A deterministic clickstream: the same options give the same records, byte for byte.
///
/// Sessions arrive at a constant rate in event time, each with a geometric number of events (mean 15, one
/// every 20 s on average). Event time advances by a fixed step a record. Duplicates follow their original
/// within the jitter. 1 % of the sessions come back under their old id after 40 minutes and must count as
/// new.
class visits {
 public:
  explicit visits(const visit_options& o);

  /// The next record, in the order of arrival.
  void next(visit_record& out);
  /// Ends all sessions that are open, for the counts.
  void finish();
  /// A day after the last record: closes every session of its partition. One a partition, after `finish`.
  visit_record trailer(int partition);

  const visit_counts& counts() const { return counts_; }

 private:
  struct visit {
    std::uint64_t id = 0, visitor = 0;
    int site = 0, page = 0, agent = 0, campaign = 0;
    std::uint32_t seen = 0, valid = 0, ip = 0;
  };
  struct repeat {
    double due;
    long order;
    visit_record record;
    bool operator<(const repeat& b) const { return due != b.due ? due > b.due : order > b.order; }
  };

  long jitter();
  visit open(long at);
  void close(const visit& v);
  void write(visit_record& out, visit& v, long timestamp, bool bad);
  int pick_type();

  visit_options options_;
  visit_random random_;
  double step_ms_, now_ = 0;
  long index_ = 0;
  std::vector<visit> slots_;
  std::deque<std::pair<long, visit>> ended_;  // with when, by that
  std::priority_queue<repeat> repeats_;
  visit_counts counts_;
};

}  // namespace weir::peers
