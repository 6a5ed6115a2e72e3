#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/alert/alert_change.hpp"
#include "pipeline/alert/gold_sample.hpp"

namespace weir {

/// Judges gold by the rules: which alerts have fired, which are over, each once. A function of the gold that
/// it was given, of what was firing before, and (for silence) of the clock; in whatever order gold comes.
/// Used by one thread.
class alert_desk {
 public:
  /// `publish_interval`: kpi.publish_interval, milliseconds.
  explicit alert_desk(std::vector<alert_rule> rules, std::int64_t publish_interval = 60'000);

  /// How much of the past, behind the newest window, its rules look at, milliseconds.
  std::int64_t reach() const;
  /// What was firing when someone before us went: it is not fired again. If its metric is not in the gold
  /// that comes before the first `judge`, it is over; silence lasts until there is data.
  void restore(const alert_change& last);
  /// Takes a gold record in. Nothing is judged before `judge`.
  void take(const gold_sample& sample);
  /// Judges what has changed since. `now`: wall clock, milliseconds.
  std::vector<alert_change> judge(std::int64_t now);

  const std::vector<alert_rule>& rules() const { return rules_; }
  /// All that fires now, by name.
  std::vector<alert_change> firing() const;

 private:
  struct point {
    double value = 0;
    std::int64_t end = 0;
    std::int64_t revision = -1;
    std::optional<std::int64_t> complete_at = {};  // a watermark
  };
  /// One rule's metric of one site and key, by start of window.
  struct series {
    const alert_rule* rule = nullptr;
    alert_change last;                      // its names, and whether it fires
    std::map<std::int64_t, point> points;   // of complete windows
    std::map<std::int64_t, point> waiting;  // the newest of each window, until the watermark has passed it
    std::int64_t latest_end = 0;            // of the newest window with data, complete or not
    bool changed = false;
  };
  struct verdict {
    bool breach = false;
    std::optional<double> threshold;
  };
  struct range {
    double low, high;
  };
  series& series_of(const alert_rule& rule, const gold_sample& sample);
  static verdict judge_window(const series& s, std::int64_t start);
  static std::optional<range> usual_range(const series& s, std::int64_t start);
  static bool holds_long_enough(const series& s, std::int64_t newest);
  void take_complete(series& s) const;
  static void forget_old(series& s);
  void judge_series(series& s, std::int64_t now, std::vector<alert_change>& out);
  void judge_silence(series& s, std::int64_t now, std::vector<alert_change>& out) const;
  bool forgotten(const series& s) const;
  void end_lost(std::int64_t now, std::vector<alert_change>& out);
  static void change(series& s, bool firing, std::int64_t now, std::vector<alert_change>& out);

  std::vector<alert_rule> rules_;
  std::int64_t publish_interval_;
  std::int64_t begun_ = 0;  // when it judged first
  std::map<std::string, series, std::less<>> series_;
  std::map<std::string, alert_change, std::less<>> restored_;  // of series that have not come yet
  std::int64_t watermark_ = 0;                                 // the highest that a record has told
  std::vector<alert_change> without_rule_;  // they fired, and no one asks for them any more
};

}  // namespace weir
