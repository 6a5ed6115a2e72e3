#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pipeline/kpi/calendar.hpp"
#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/record.hpp"
#include "pipeline/rules.hpp"

namespace weir::bench {

/// What the limit's clocks say: as `clock_report`.
struct limit_clocks {
  std::int64_t w, c, a, settled;
};

/// The KPIs of the limit: a flat table of cells a family, closed windows published as gold and fed to hours
/// and days. One tier; nothing is written down, nothing leaves memory.
class limit_windows {
 public:
  explicit limit_windows(const rules& r) : rules_(r) {}

  void add(const contributions& made);
  /// Publishes what the clocks have closed.
  void close(const limit_clocks& now, outbox& out);

 private:
  struct window;
  struct window_cell {
    window* in;
    std::uint64_t hash;  // of site and key
    std::array<std::string, 3> key;
    cell data;
    std::array<window_cell*, 2> up{};  // in its hour and day, once it has been fed to them
    bool listed = false;               // among the changed ones of its window
    bool told = false;                 // has a record
  };
  struct window {
    family fam;
    std::string site;
    span_of_time span;
    std::int64_t late = 0;
    bool events_final = false, final = false;
    std::vector<window_cell*> cells, changed;
    absl::flat_hash_map<std::string, window_cell*> pages;  // of elements: the cells that count a page's views
  };
  /// In the order in which they are published: five minutes feed hours and days.
  using window_id = std::tuple<family, granularity, std::int64_t, std::string>;

  window& window_at(family fam, std::string_view site, const span_of_time& span);
  window_cell& make(window& w, std::uint64_t hash, const std::array<std::string_view, 3>& key);
  window_cell& cell_of(const contribution& c);
  void add(window_cell& c, const contribution& made, const addition* additions);
  static void list(window_cell& c);
  void amend(window_cell& c);
  bool advance(window& w, const limit_clocks& now) const;
  void count_late_up(window& w);
  void publish(window& w, const limit_clocks& now, outbox& out);
  void feed(window_cell& c);
  void write(const window_cell& c, const limit_clocks& now, outbox& out) const;

  const rules& rules_;
  std::array<absl::flat_hash_map<std::uint64_t, window_cell*>, families> index_;  // by hash and window
  std::deque<window_cell> cells_;
  std::map<window_id, window> windows_;
  std::set<std::pair<window_id, window*>> active_;  // not final, or with something unpublished
};

}  // namespace weir::bench
