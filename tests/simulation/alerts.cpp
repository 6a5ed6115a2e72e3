// Alerts over the gold of a run: whoever judges it may be another one at any time.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "pipeline/alert/alert_desk.hpp"
#include "state/log/topic_of.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

namespace weir::simulation {

namespace {

alert_rule above(std::string id, family fam, std::string metric, double limit, std::int64_t lasting = 0) {
  alert_rule r;
  r.id = std::move(id);
  r.fam = fam;
  r.metric = std::move(metric);
  r.above = limit;
  r.lasting = lasting;
  return r;
}

const std::vector<alert_rule>& alert_rules() {
  static const auto all = [] {
    std::vector<alert_rule> rules{
        above("views", family::site, "page_views", 1), above("page", family::pages, "page_views", 0),
        above("bounce", family::site, "bounce_rate", 0.4),
        above("long", family::site, "events", 0, 600 * second), above("hour", family::site, "events", 3)};
    rules.back().size = granularity::hour;
    return rules;
  }();
  return all;
}

/// One after the other they judge; each knows what the ones before have told, and reads all gold anew.
class judges {
 public:
  void take(const gold_sample& sample) { desk_.take(sample); }

  void judge(std::int64_t now) {
    for (auto& change : desk_.judge(now)) {
      auto& last = told_[name_of(change)];
      if (last.firing == change.firing)
        throw std::runtime_error(
            fmt::format("{} is told twice to be {}", name_of(change), change.firing ? "firing" : "over"));
      last = std::move(change);
    }
  }

  template <class Samples>
  void hand_over(const Samples& seen) {
    desk_ = alert_desk(alert_rules());
    for (const auto& [_, change] : told_) desk_.restore(change);
    for (const auto& sample : seen) desk_.take(sample);
  }

  /// Those that do not depend on what was seen on the way.
  std::vector<std::string> firing() const {
    std::vector<std::string> names;
    for (const auto& [name, change] : told_)
      if (change.firing && change.id != "long") names.push_back(name);
    return names;
  }

 private:
  alert_desk desk_{alert_rules()};
  std::map<std::string, alert_change> told_;
};

}  // namespace

/// Each alert fires and is over in turn, and in the end those fire that the gold says, however often the
/// judge changes.
void world::check_alerts() {
  std::vector<std::vector<gold_sample>> topics;
  gold_sample_reader reader;
  for (const auto fam : {family::site, family::pages}) {
    auto& samples = topics.emplace_back();
    if (!log_.has_topic(gold_topic(fam))) continue;
    log_.read_all(gold_topic(fam), 0, [&](auto, std::string_view value) {
      if (auto sample = reader.read(value)) samples.push_back(std::move(*sample));
    });
  }
  std::vector<gold_sample> seen;
  judges one, many;
  std::vector<std::size_t> next(topics.size(), 0);
  const auto left = [&](std::size_t t) { return next[t] < topics[t].size(); };
  while (left(0) || left(1)) {
    const auto t = left(0) && (!left(1) || chance(0.5)) ? 0 : 1;
    const auto& sample = seen.emplace_back(topics[t][next[t]++]);
    one.take(sample);
    many.take(sample);
    if (chance(0.1)) {
      many.hand_over(seen);
      ++faults_["another judge of alerts"];
    }
    if (!chance(0.3)) continue;
    one.judge(wall_);
    many.judge(wall_);
  }
  one.judge(wall_);
  many.judge(wall_);
  if (one.firing() != many.firing())
    throw std::runtime_error(fmt::format("alerts: one judge has [{}] firing, many have [{}]",
                                         fmt::join(one.firing(), ", "), fmt::join(many.firing(), ", ")));
}

}  // namespace weir::simulation
