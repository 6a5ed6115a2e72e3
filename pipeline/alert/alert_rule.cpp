#include "pipeline/alert/alert_rule.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

constexpr std::int64_t minute = 60'000;

using kind = alert_rule::kind;
constexpr auto none = std::nullopt;

std::vector<alert_rule> make_defaults() {
  const auto five = granularity::five_minutes, hour = granularity::hour, day = granularity::day;
  return {
      {"bounce_rate", kind::threshold, family::site, "bounce_rate", "", 0.6, none, five, 0, "warning"},
      {"slow_pages", kind::threshold, family::site, "page_load_ms_p90", "", 3'000, none, five, 0, "warning"},
      {"bots", kind::threshold, family::quality, "bot_percentage", "", 5, none, five, 0, "warning"},
      {"freshness", kind::threshold, family::quality, "freshness_s_p95", "", 600, none, five, 0, "critical"},
      {"dead_letters", kind::threshold, family::quality, "dead_letters_*", "events_in", 0.01, none, hour, 0,
       "critical"},
      {"quality", kind::threshold, family::quality, "quality_score_mean", "", none, 0.8, day, 0, "warning"},
      {"funnel_drop", kind::drop, family::funnels, "step_rate", "", 0.2, none, day, 0, "warning"},
      {"no_data", kind::silence, family::site, "events", "", none, none, five, 15 * minute, "critical"},
      {"unusual_views", kind::anomaly, family::site, "page_views", "", none, none, five, 0, "info"},
  };
}

// Metrics of events in families that have metrics of sessions, too; by how they begin.
constexpr std::array<std::string_view, 9> event_metrics{"page_views", "events",     "unique_visitors",
                                                        "bot_",       "page_load_", "scroll_events",
                                                        "clicks",     "form_",      "ctr"};
constexpr std::array<std::string_view, 3> event_views{"mobile_views", "desktop_views", "tablet_views"};

bool begins_like(std::string_view metric, const auto& names) {
  return std::any_of(names.begin(), names.end(), [&](auto name) { return metric.starts_with(name); });
}

}  // namespace

const std::vector<alert_rule>& default_alerts() {
  static const auto all = make_defaults();
  return all;
}

bool is_session_metric(family fam, std::string_view metric) {
  switch (fam) {
    case family::elements:
    case family::forms:
    case family::videos:
    case family::events:
    case family::quality:
      return false;
    default:
      return !begins_like(metric, event_metrics) && !begins_like(metric, event_views);
  }
}

}  // namespace weir
