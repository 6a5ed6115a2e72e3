#include "config/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/nearest.hpp"

namespace weir {

namespace {

using kind = alert_rule::kind;
constexpr std::array<std::string_view, 4> kinds{"threshold", "drop", "anomaly", "silence"};

kind kind_of(std::string_view name) {
  return static_cast<kind>(std::find(kinds.begin(), kinds.end(), name) - kinds.begin());
}

alert_rule* find(std::vector<alert_rule>& rules, std::string_view id) {
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const auto& r) { return r.id == id; });
  return found == rules.end() ? nullptr : &*found;
}

/// The rule, changed in what is given.
void change(alert_rule& r, const alert& a) {
  if (!a.kind.empty()) r.what = kind_of(a.kind);
  if (!a.family.empty()) r.fam = *find_family(a.family);
  if (!a.metric.empty()) r.metric = a.metric, r.per.clear();
  if (!a.per.empty()) r.per = a.per;
  if (!a.granularity.empty()) r.size = *find_granularity(a.granularity);
  if (a.above || a.below) r.above = a.above, r.below = a.below;
  if (a.lasting > 0) r.lasting = a.lasting;
  if (!a.severity.empty()) r.severity = a.severity;
}

/// As it would be with its default under it.
alert_rule rule_of(const alert& a) {
  alert_rule r;
  r.id = a.id;
  auto known = default_alerts();
  if (const auto* own = find(known, a.id)) r = *own;
  change(r, a);
  return r;
}

std::string family_names() {
  std::string names;
  for (std::size_t f = 0; f < families; ++f)
    names.append(names.empty() ? "" : ", ").append(definition(static_cast<family>(f)).name);
  return names;
}

std::string default_ids() {
  std::string ids;
  for (const auto& r : default_alerts()) ids.append(ids.empty() ? "" : ", ").append(r.id);
  return ids;
}

bool is_default(std::string_view id) {
  auto known = default_alerts();
  return find(known, id) != nullptr;
}

}  // namespace

std::string alert_fault(const alert& a, const family_set& computed) {
  if (!a.enabled)
    return is_default(a.id)
               ? std::string()
               : fmt::format("enabled: \"{}\" is none of weir's own alerts: {}", a.id, default_ids());
  if (!a.family.empty() && !find_family(a.family))
    return fmt::format("family: expected one of {}, got \"{}\"", family_names(), a.family);
  if (!is_default(a.id) && (a.family.empty() || a.metric.empty()))
    return fmt::format("expected family and metric: \"{}\" is none of weir's own alerts", a.id);
  const auto r = rule_of(a);
  if (!computed[static_cast<std::size_t>(r.fam)])
    return fmt::format("family: {} is none of kpi.families", definition(r.fam).name);
  if (r.above && r.below) return "expected above or below, got both";
  if (r.what == kind::threshold && !r.above && !r.below) return "expected above or below";
  if (r.what == kind::drop && !(r.above && *r.above > 0 && *r.above < 1))
    return "expected above: the share by which it may fall, between 0 and 1";
  if (r.what == kind::silence && r.lasting == 0) return "expected for: how long there may be no data";
  const bool five = r.size == granularity::five_minutes;
  if (r.what == kind::anomaly && !five)
    return "granularity: expected 5m, of which an anomaly needs 36 values of the same hour of the last 7 "
           "days";
  if (r.fam == family::retention && (r.size != granularity::day || r.what == kind::anomaly))
    return "granularity: expected 1d: cohorts are of days";
  return {};
}

std::vector<alert_rule> make_alert_rules(const settings& s) {
  auto rules = default_alerts();
  std::erase_if(rules, [&](const auto& r) { return !s.kpi.families[static_cast<std::size_t>(r.fam)]; });
  for (const auto& a : s.alerts) {
    if (!a.enabled)
      std::erase_if(rules, [&](const auto& r) { return r.id == a.id; });
    else if (auto* own = find(rules, a.id))
      change(*own, a);
    else
      rules.push_back(rule_of(a));
  }
  return rules;
}

}  // namespace weir
