#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/kpi/family.hpp"

namespace weir {

/// An alert has fired, or is over. What stands on weir.alerts, one key an alert, site and key of the metric.
struct alert_change {
  std::string id, site, key, key_json = "{}", severity, metric;
  family fam = family::site;
  granularity size = granularity::five_minutes;
  bool firing = false;
  std::int64_t fired_at = 0, resolved_at = 0;  // wall clock, milliseconds; 0: not yet
  std::int64_t window_start = 0, window_end = 0;
  bool delivered = false;                  // a webhook has heard of it, or there is none
  std::optional<double> value, threshold;  // what the metric was, and what it should not pass
};
/// `id|site|key...`
std::string name_of(const alert_change& change);

/// Appends the change as JSON; read_alert_change reads it back, nothing when it is none.
void write_alert_change(const alert_change& change, std::string& out);
std::optional<alert_change> read_alert_change(std::string_view json);

}  // namespace weir
