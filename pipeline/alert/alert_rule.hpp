#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/kpi/family.hpp"

namespace weir {

/// A condition on gold that someone wants to know of. kpis.md, "Alerts".
struct alert_rule {
  enum class kind : std::uint8_t {
    threshold,  // the metric is above or below a limit
    drop,       // it has fallen by more than the share `above` against the window a day before
    anomaly,    // it is far from what it was at the same hour of the last 7 days
    silence     // a site has sent nothing for longer than `lasting`
  };
  std::string id;
  kind what = kind::threshold;
  family fam = family::site;
  std::string metric;  // of the gold record; a `*` at its end: the sum of all that begin so
  std::string per;     // divided by this one; empty: as it is
  std::optional<double> above, below;
  granularity size = granularity::five_minutes;
  std::int64_t lasting = 0;  // milliseconds that it must hold before it fires
  std::string severity = "warning";
};

/// weir's own alerts. A configured one of the same id replaces one of them.
const std::vector<alert_rule>& default_alerts();

/// True when sessions make the metric: it is biased as long as sessions of its window are open.
bool is_session_metric(family fam, std::string_view metric);

}  // namespace weir
