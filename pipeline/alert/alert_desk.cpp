#include "pipeline/alert/alert_desk.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir {

namespace {

using kind = alert_rule::kind;

constexpr std::int64_t hour = 3'600'000, day = 24 * hour;
constexpr int anomaly_days = 7;
constexpr std::size_t anomaly_values = 36;  // that there must be to tell what is usual
constexpr double anomaly_deviations = 6;
constexpr std::int64_t catching_up = 120'000;              // after a pause old data is no silence yet
constexpr double least_share = 0.05, least_deviation = 1;  // of the median; of the deviation

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::int64_t length_of(granularity size) {
  return size == granularity::five_minutes ? 300'000 : size == granularity::hour ? hour : day;
}

/// How much of the past a rule looks at, behind the newest window.
std::int64_t reach_of(const alert_rule& rule) {
  if (rule.what == kind::anomaly) return anomaly_days * day + hour;
  if (rule.what == kind::drop) return 2 * day;
  return rule.lasting + 2 * length_of(rule.size);
}

}  // namespace

alert_desk::alert_desk(std::vector<alert_rule> rules, std::int64_t publish_interval)
    : rules_(std::move(rules)), publish_interval_(publish_interval) {}

std::int64_t alert_desk::reach() const {
  std::int64_t most = 0;
  for (const auto& rule : rules_) most = std::max(most, reach_of(rule));
  return most;
}

void alert_desk::restore(const alert_change& last) {
  if (!last.firing) return;
  const bool known =
      std::any_of(rules_.begin(), rules_.end(), [&](const auto& r) { return r.id == last.id; });
  if (known)
    restored_[name_of(last)] = last;
  else
    without_rule_.push_back(last);
}

alert_desk::series& alert_desk::series_of(const alert_rule& rule, const gold_sample& sample) {
  alert_change names;
  names.id = rule.id;
  names.site = sample.site;
  names.key = sample.key;
  const auto name = name_of(names);
  const auto [at, fresh] = series_.try_emplace(name);
  auto& s = at->second;
  if (!fresh) return s;
  names.key_json = sample.key_json;
  names.severity = rule.severity;
  names.metric = rule.metric;
  names.fam = rule.fam;
  names.size = rule.size;
  s.rule = &rule;
  s.last = std::move(names);
  if (const auto before = restored_.extract(name)) {
    s.last.firing = true;
    s.last.fired_at = before.mapped().fired_at;
    s.last.window_start = before.mapped().window_start;
    s.last.window_end = before.mapped().window_end;
    s.changed = true;  // it may be over
  }
  return s;
}

void alert_desk::take(const gold_sample& sample) {
  watermark_ = std::max(watermark_, sample.watermark);
  for (const auto& rule : rules_) {
    if (rule.fam != sample.fam || rule.size != sample.size) continue;
    const auto x = sample.value(rule);
    if (!x) continue;
    auto& s = series_of(rule, sample);
    if (*x > 0) s.latest_end = std::max(s.latest_end, sample.end);
    if (rule.what == kind::silence) continue;
    auto& p = s.waiting[sample.start];
    if (sample.revision >= p.revision)
      p = {*x, sample.end, sample.revision, sample.complete_at(rule, publish_interval_)};
  }
}

void alert_desk::take_complete(series& s) const {
  for (auto at = s.waiting.begin(); at != s.waiting.end();) {
    const auto& [start, waiting] = *at;
    if (!waiting.complete_at || *waiting.complete_at > watermark_) {
      ++at;
      continue;
    }
    auto& p = s.points[start];
    if (waiting.revision >= p.revision) {
      p = waiting;
      s.changed = true;
    }
    at = s.waiting.erase(at);
  }
}

/// So many median absolute deviations around the median of the same hour of the days before; nothing as long
/// as too little is known.
std::optional<alert_desk::range> alert_desk::usual_range(const series& s, std::int64_t start) {
  std::vector<double> usual;
  const auto hour_of_day = (start / hour) % 24;
  for (auto at = s.points.lower_bound(start - anomaly_days * day - hour); at != s.points.end(); ++at) {
    if (at->first / hour >= start / hour) break;
    if ((at->first / hour) % 24 == hour_of_day) usual.push_back(at->second.value);
  }
  if (usual.size() < anomaly_values) return std::nullopt;
  const auto middle = median(usual);
  for (auto& x : usual) x = std::abs(x - middle);
  const auto deviation = std::max({median(usual), least_share * std::abs(middle), least_deviation});
  return range{middle - anomaly_deviations * deviation, middle + anomaly_deviations * deviation};
}

alert_desk::verdict alert_desk::judge_window(const series& s, std::int64_t start) {
  const auto& rule = *s.rule;
  const auto x = s.points.at(start).value;
  switch (rule.what) {
    case kind::threshold:
      if (rule.above && x > *rule.above) return {true, rule.above};
      if (rule.below && x < *rule.below) return {true, rule.below};
      return {false, rule.above ? rule.above : rule.below};
    case kind::drop: {
      const auto before = s.points.find(start - day);
      if (before == s.points.end() || before->second.value <= 0) return {};
      const auto least = before->second.value * (1 - rule.above.value_or(0));
      return {x < least, least};
    }
    case kind::anomaly: {
      const auto usual = usual_range(s, start);
      if (!usual) return {};
      return {x < usual->low || x > usual->high, x < usual->low ? usual->low : usual->high};
    }
    case kind::silence:
      break;
  }
  return {};
}

/// Windows without a gap between them, the newest the last, that together are as long as the rule asks for.
bool alert_desk::holds_long_enough(const series& s, std::int64_t newest) {
  const auto length = length_of(s.rule->size);
  for (auto start = newest;; start -= length) {
    if (!s.points.contains(start) || !judge_window(s, start).breach) return false;
    if (newest - start + length >= s.rule->lasting) return true;
  }
}

void alert_desk::forget_old(series& s) {
  if (s.points.empty()) return;
  const auto oldest = s.points.rbegin()->first - reach_of(*s.rule);
  s.points.erase(s.points.begin(), s.points.lower_bound(oldest));
}

void alert_desk::change(series& s, bool firing, std::int64_t now, std::vector<alert_change>& out) {
  s.last.firing = firing;
  if (firing) {
    s.last.fired_at = now;
    s.last.resolved_at = 0;
  } else {
    s.last.resolved_at = now;
  }
  out.push_back(s.last);
}

void alert_desk::judge_silence(series& s, std::int64_t now, std::vector<alert_change>& out) const {
  const bool quiet = s.latest_end > 0 && now - s.latest_end > s.rule->lasting;
  if (quiet == s.last.firing || (quiet && now - begun_ < catching_up)) return;
  s.last.window_end = s.latest_end;
  s.last.window_start = s.latest_end - length_of(s.rule->size);
  s.last.value = static_cast<double>(now - s.latest_end) / 1000;  // seconds without data
  s.last.threshold = static_cast<double>(s.rule->lasting) / 1000;
  change(s, quiet, now, out);
}

/// Its key has not come for so long that no rule looks back to it: a page that is gone, a visitor's word.
bool alert_desk::forgotten(const series& s) const {
  if (s.rule->what == kind::silence || !s.waiting.empty()) return false;
  return !s.points.empty() && s.points.rbegin()->second.end + reach_of(*s.rule) + day < watermark_;
}

/// What was firing and has no gold to be judged by.
void alert_desk::end_lost(std::int64_t now, std::vector<alert_change>& out) {
  for (auto at = restored_.begin(); at != restored_.end();) {
    const auto rule =
        std::find_if(rules_.begin(), rules_.end(), [&](const auto& r) { return r.id == at->second.id; });
    if (rule->what == kind::silence) {
      ++at;
      continue;
    }
    at->second.firing = false;
    at->second.resolved_at = now;
    out.push_back(at->second);
    at = restored_.erase(at);
  }
}

void alert_desk::judge_series(series& s, std::int64_t now, std::vector<alert_change>& out) {
  if (s.rule->what == kind::silence) return judge_silence(s, now, out);
  take_complete(s);
  if (!std::exchange(s.changed, false) || s.points.empty()) return;
  forget_old(s);
  const auto newest = s.points.rbegin()->first;
  const auto verdict = judge_window(s, newest);
  const bool fires = verdict.breach && (s.last.firing || holds_long_enough(s, newest));
  if (fires == s.last.firing) return;
  s.last.window_start = newest;
  s.last.window_end = s.points.rbegin()->second.end;
  s.last.value = s.points.rbegin()->second.value;
  s.last.threshold = verdict.threshold;
  change(s, fires, now, out);
}

std::vector<alert_change> alert_desk::judge(std::int64_t now) {
  auto out = std::exchange(without_rule_, {});
  for (auto& over : out) {
    over.firing = false;
    over.resolved_at = now;
  }
  if (begun_ == 0) begun_ = now;
  for (auto at = series_.begin(); at != series_.end();) {
    auto& s = at->second;
    judge_series(s, now, out);
    const bool over = forgotten(s);
    if (over && s.last.firing) change(s, false, now, out);
    at = over ? series_.erase(at) : std::next(at);
  }
  end_lost(now, out);
  return out;
}

std::vector<alert_change> alert_desk::firing() const {
  std::vector<alert_change> all;
  for (const auto& [_, s] : series_)
    if (s.last.firing) all.push_back(s.last);
  for (const auto& [_, last] : restored_) all.push_back(last);
  return all;
}

}  // namespace weir
