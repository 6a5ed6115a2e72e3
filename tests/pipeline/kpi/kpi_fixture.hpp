#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "pipeline/kpi/contribute.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/kpi/gold_sketches.hpp"

namespace weir::kpi_test {

inline constexpr std::int64_t minute = 60'000;
inline constexpr std::int64_t window = 5 * minute;

/// Where a cell stands.
struct cell_place {
  family fam;
  std::int64_t window;
  std::string site;
  std::array<std::string, 3> key;
  auto operator<=>(const cell_place&) const = default;
};

/// Collects contributions into cells as the tiers do, and reads their metrics.
struct kpi_fixture {
  contributions made;
  rules settings;
  std::map<cell_place, cell> cells;
  std::map<std::tuple<family, std::string, std::int64_t>, std::int64_t> late;
  std::string topic = "topic_web_events";
  std::string site = "shop";

  /// An event of the visitor at the time, on page "/a" of site "shop".
  event make(event_type type, std::int64_t time = window) const;
  void give(const event& e, std::uint64_t visitor = 1, bool is_late = false, bool is_amended = false);
  void give(const session& s) { contribute_session(site, s, settings, made), collect(); }
  void take_back(const session& s);
  /// Moves what was made into the cells.
  void collect();

  const cell* find(family fam, std::array<std::string, 3> key = {}, std::int64_t at = window) const;
  /// A metric as JSON; "absent" when the record or the metric is not there.
  std::string metric(family fam, std::string_view name, std::array<std::string, 3> key = {},
                     std::int64_t at = window) const;
};

/// A closed session of so many views of /a, /b, /a, ..., a minute apart.
session closed_session(std::uint32_t views, std::int64_t first = window);

/// Equal in every aggregate.
bool equal(const cell& a, const cell& b);

}  // namespace weir::kpi_test
