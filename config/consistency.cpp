#include <map>
#include <set>

#include <date/tz.h>
#include <fmt/format.h>

#include "config/alerts.hpp"
#include "config/checks.hpp"
#include "config/nearest.hpp"
#include "config/units.hpp"

namespace weir::config {
namespace {

constexpr std::size_t most_steps = 32;

struct checker {
  const settings& s;
  const node& given;
  problems& out;

  void report(const std::string& path, const std::string& message) const {
    out.add(origin_of(given, path), path, message);
  }

  void check_time() const {
    if (s.time.max_out_of_orderness < s.session.timeout) return;
    // Of two settings that contradict each other the one that was given is told.
    const bool by_time = given.find("time") && given.find("time")->find("max_out_of_orderness");
    report(by_time ? "time.max_out_of_orderness" : "session.timeout",
           fmt::format("time.max_out_of_orderness ({}) must be below session.timeout ({})",
                       format_duration(s.time.max_out_of_orderness), format_duration(s.session.timeout)));
  }

  void check_bots() const {
    if (s.bots.threshold > 0) return;
    report("bots.threshold", "expected a number above 0, got 0: every session would be a bot");
  }

  template <class Items>
  void check_ids(const std::string& list, const Items& items) const {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto [before, added] = seen.emplace(items[i].id, i);
      if (added) continue;
      report(fmt::format("{}[{}].id", list, i),
             fmt::format("expected ids that differ, \"{}\" is {}[{}]'s, too", items[i].id, list,
                         before->second));
    }
  }

  void check_steps() const {
    for (std::size_t i = 0; i < s.funnels.size(); ++i) {
      const auto steps = s.funnels[i].steps.size();
      if (steps == 0 || steps > most_steps)
        report(fmt::format("funnels[{}].steps", i),
               fmt::format("expected 1 to {} steps, got {}", most_steps, steps));
    }
  }

  /// What any event meets is no goal: it was meant otherwise.
  void check_conditions() const {
    for (std::size_t i = 0; i < s.goals.size(); ++i)
      check_condition(fmt::format("goals[{}].event", i), s.goals[i].event);
    for (std::size_t i = 0; i < s.funnels.size(); ++i)
      for (std::size_t k = 0; k < s.funnels[i].steps.size(); ++k)
        check_condition(fmt::format("funnels[{}].steps[{}].match", i, k), s.funnels[i].steps[k].match);
  }

  void check_condition(const std::string& path, const event_match& m) const {
    if (!m.type && m.name.empty() && m.page_path.empty() && m.min_value == 0)
      report(path, "expected at least one of type, name, page_path and min_value: every event would do");
  }

  void check_alerts() const {
    for (std::size_t i = 0; i < s.alerts.size(); ++i)
      if (const auto fault = alert_fault(s.alerts[i], s.kpi.families); !fault.empty())
        report(fmt::format("alerts[{}]", i), fault);
  }

  void check_topics() const {
    if (s.sources.empty()) report("sources", "expected at least one source");
    std::map<std::string, std::string> seen;
    for (const auto& [name, source] : s.sources) {
      const auto path = fmt::format("sources.{}.topic", name);
      const auto [before, added] = seen.emplace(source.topic, name);
      if (!added)
        report(path, fmt::format("expected topics that differ, \"{}\" is sources.{}'s, too", source.topic,
                                 before->second));
      if (source.topic.starts_with(s.kafka.prefix + "weir."))
        report(path, fmt::format("expected a topic of events, \"{}\" is one of weir's own", source.topic));
    }
  }

  void check_timezones() const {
    for (const auto& [id, site] : s.sites) {
      if (site.timezone == "UTC") continue;
      try {
        date::locate_zone(site.timezone);
      } catch (const std::runtime_error&) {
        report_timezone(fmt::format("sites.{}.timezone", id), site.timezone);
      }
    }
  }

  void report_timezone(const std::string& path, const std::string& zone) const {
    std::vector<std::string> names;
    for (const auto& known : date::get_tzdb().zones) names.push_back(known.name());
    report(path,
           fmt::format("expected a time zone, got \"{}\"; did you mean {}?", zone, nearest(zone, names)));
  }

  void check_replay() const {
    const auto* replay = given.find("replay");
    if (!replay || !replay->find("source") || s.sources.empty() || s.sources.contains(s.replay.source))
      return;
    std::vector<std::string> names;
    for (const auto& [name, source] : s.sources) names.push_back(name);
    report("replay.source", fmt::format("expected one of the sources, got \"{}\"; did you mean {}?",
                                        s.replay.source, nearest(s.replay.source, names)));
  }
};

}  // namespace

void check_consistency(const settings& s, const node& given, problems& out) {
  const checker check{s, given, out};
  check.check_time();
  check.check_bots();
  check.check_ids("goals", s.goals);
  check.check_ids("funnels", s.funnels);
  check.check_ids("alerts", s.alerts);
  check.check_alerts();
  check.check_steps();
  check.check_conditions();
  check.check_topics();
  check.check_timezones();
  check.check_replay();
}

}  // namespace weir::config
