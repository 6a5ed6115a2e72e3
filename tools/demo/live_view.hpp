#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/record.hpp"

namespace weir {

/// What the gold of the last hour of event time says, for a person to look at: a reader of gold like any
/// other. Any thread.
class live_view {
 public:
  struct row {
    std::string name;
    std::int64_t count = 0;
  };
  struct snapshot {
    std::int64_t from = 0, to = 0;  // event time, milliseconds: starts of the first and last window
    std::int64_t visitors = 0;      // of the last window
    std::int64_t page_views = 0, sessions_closed = 0, sessions_open = 0;
    std::int64_t bounces = 0, sessions_with_views = 0, conversions = 0;
    double revenue = 0;
    std::vector<row> pages, sources;  // the most viewed, and those with most sessions
  };

  /// Takes the gold records of a commit.
  void take(const outbox& records);
  /// Takes one gold record, JSON; families and granularities that are not shown are passed over.
  void take(family fam, std::string_view key, std::string_view json);
  snapshot look() const;

 private:
  struct site_metrics {
    std::int64_t visitors = 0, page_views = 0, closed = 0, open = 0, bounces = 0, with_views = 0,
                 conversions = 0;
    double revenue = 0;
  };
  struct window {
    std::map<std::string, site_metrics> sites;  // by gold key
    std::map<std::string, row> pages, sources;  // by gold key
  };
  void forget_old();

  mutable std::mutex mutex_;
  std::map<std::int64_t, window> windows_;  // by start
};

}  // namespace weir
