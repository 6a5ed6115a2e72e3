#include "config/alerts.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "config/loader.hpp"

using namespace weir;

namespace {

std::vector<alert_rule> rules_of(const std::string& alerts) {
  return make_alert_rules(load_settings({{}, {}, {}, {"alerts=" + alerts}}));
}

const alert_rule* find(const std::vector<alert_rule>& rules, std::string_view id) {
  const auto found = std::ranges::find(rules, id, &alert_rule::id);
  return found == rules.end() ? nullptr : &*found;
}

std::string refusal(const std::string& alerts) {
  try {
    rules_of(alerts);
  } catch (const config_error& x) {
    return x.what();
  }
  return {};
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("without configuration the rules are weir's own") {
  CHECK(rules_of("[]").size() == default_alerts().size());
}

TEST_CASE("an alert with the id of a default changes it in what is given") {
  const auto rules = rules_of("[{id: bounce_rate, above: 0.8, for: 15m}]");
  CHECK(rules.size() == default_alerts().size());
  const auto* rule = find(rules, "bounce_rate");
  REQUIRE(rule);
  CHECK(rule->above == 0.8);
  CHECK(rule->lasting == 900'000);
  CHECK(rule->metric == "bounce_rate");
  CHECK(rule->severity == "warning");
}

TEST_CASE("a default can be switched off, and others added") {
  const auto rules = rules_of(
      "[{id: bots, enabled: false}, {id: mine, family: forms, metric: completion_rate, below: 0.4}]");
  CHECK(rules.size() == default_alerts().size());
  CHECK_FALSE(find(rules, "bots"));
  REQUIRE(find(rules, "mine"));
  CHECK(find(rules, "mine")->below == 0.4);
  CHECK(find(rules, "mine")->size == granularity::five_minutes);
}

TEST_CASE("an alert that could not be judged is refused, and says why") {
  CHECK(has(refusal("[{id: mine}]"), "expected family and metric"));
  CHECK(has(refusal("[{id: mine, family: forms, metric: submits}]"), "expected above or below"));
  CHECK(has(refusal("[{id: mine, family: forms, metric: submits, above: 1, below: 2}]"), "got both"));
  CHECK(has(refusal("[{id: mine, family: from, metric: submits, above: 1}]"), "expected one of site, "));
  CHECK(has(refusal("[{id: mine, kind: drop, family: site, metric: events, above: 20}]"), "between 0 and 1"));
  CHECK(has(refusal("[{id: mine, kind: silence, family: site, metric: events}]"), "how long"));
  CHECK(has(refusal("[{id: bounce_rat, enabled: false}]"), "none of weir's own alerts: bounce_rate, "));
  CHECK(has(refusal("[{id: mine, kind: anomaly, family: site, metric: events, granularity: 1h}]"),
            "36 values"));
  CHECK(has(refusal("[{id: mine, family: retention, metric: d1, below: 0.1}]"), "cohorts are of days"));
}

TEST_CASE("alerts go by families that are computed") {
  const auto rules = make_alert_rules(load_settings({{}, {}, {}, {"kpi.families=[pages, site]"}}));
  CHECK(find(rules, "bounce_rate"));
  CHECK(std::ranges::all_of(rules,
                            [](const auto& r) { return r.fam == family::site || r.fam == family::pages; }));
  const auto refused = [](const std::string& families) {
    try {
      load_settings({{}, {}, {}, {"kpi.families=" + families, "alerts=[{id: bounce_rate, above: 0.5}]"}});
    } catch (const config_error& x) {
      return std::string(x.what());
    }
    return std::string();
  };
  CHECK(has(refused("[pages]"), "family: site is none of kpi.families"));
  CHECK(has(refused("[sight]"), "expected a list of site, pages"));
  CHECK(has(refused("[]"), "expected a list of site, pages"));
  CHECK(refused("[site]").empty());
}
