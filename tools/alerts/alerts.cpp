#include "tools/alerts/alerts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <optional>

#include "config/alerts.hpp"
#include "config/secret_file.hpp"
#include "pipeline/alert/alert_desk.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "serving/webhook.hpp"
#include "state/log/weir_topics.hpp"
#include "tools/alerts/alert_text.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/options.hpp"
#include "tools/kafka/topic_reading.hpp"
#include "tools/line_source.hpp"
#include "tools/usage_error.hpp"

namespace weir {

namespace {

constexpr std::size_t longest_line = 16 << 20;
constexpr std::size_t batch = 1'000;

void show(const alert_change& change, bool json) {
  std::string line;
  if (json)
    write_alert_change(change, line);
  else
    line = text_of(change);
  fmt::print("{}\n", line);
}

int list(const settings& s, const alerts_options& options) {
  kafka_cluster cluster(kafka_options_of(s));
  std::map<std::string, alert_change> all;
  read_all(cluster, std::string(alerts_topic), {}, [&](const kafka_record& r) {
    if (const auto change = r.value ? read_alert_change(*r.value) : std::nullopt)
      all[std::string(r.key)] = *change;
  });
  std::size_t shown = 0;
  for (const auto& [_, change] : all) {
    if (!change.firing && !options.all) continue;
    show(change, options.json);
    ++shown;
  }
  if (shown == 0 && !options.json) fmt::print("no alert is firing\n");
  return 0;
}

/// Of several records of a window the last revision counts, so all are read before any is judged.
std::vector<gold_sample> read_gold(const std::vector<std::string>& files) {
  using name = std::tuple<family, std::string, std::string, granularity, std::int64_t>;
  std::map<name, gold_sample> last;
  gold_sample_reader reader;
  for (const auto& file : files) {
    line_source lines(file, longest_line, 0);
    while (const auto run = lines.next(batch)) {
      for (const auto& r : run->entries) {
        auto sample = reader.read(run->value(r));
        if (!sample) throw input_error(fmt::format("{}:{}: expected a gold record", file, r.offset + 1));
        auto& held = last[{sample->fam, sample->site, sample->key, sample->size, sample->start}];
        if (sample->revision >= held.revision) held = std::move(*sample);
      }
    }
  }
  std::vector<gold_sample> all;
  for (auto& [_, sample] : last) all.push_back(std::move(sample));
  std::ranges::stable_sort(all, {}, &gold_sample::end);
  return all;
}

/// As if the job had run then: each window is judged at its end.
int judge_files(const settings& s, const alerts_options& options) {
  alert_desk desk(make_alert_rules(s), s.kpi.publish_interval);
  const auto all = read_gold(options.files);
  std::size_t fired = 0, resolved = 0;
  std::int64_t now = 0;  // hours and days end later than their data
  for (std::size_t i = 0; i < all.size(); ++i) {
    desk.take(all[i]);
    if (all[i].size == granularity::five_minutes || now == 0) now = all[i].end;
    if (i + 1 < all.size() && all[i + 1].end == all[i].end) continue;
    for (const auto& change : desk.judge(now)) {
      show(change, options.json);
      ++(change.firing ? fired : resolved);
    }
  }
  if (!options.json)
    fmt::print("{} gold records, {} rules: {} fired, {} of them resolved\n", all.size(), desk.rules().size(),
               fired, resolved);
  return 0;
}

int post_test(const settings& s) {
  if (s.webhook.url.empty()) throw usage_error("webhook.url: expected where to post, it is off");
  const webhook::options to{s.webhook.url, read_secret("webhook.secret", s.webhook.secret), {}};
  alert_change c;
  c.id = "test";
  c.site = "default";
  c.severity = "info";
  c.metric = "page_views";
  c.firing = true;
  c.fired_at = wall_now();
  std::string body;
  write_alert_change(c, body);
  if (const auto fault = post_once(to, fmt::format("test@{}", c.fired_at), body); !fault.why.empty())
    throw std::runtime_error(fmt::format("{}: {}", to.url, fault.why));
  fmt::print("{} has taken it: {}\n", to.url, body);
  return 0;
}

}  // namespace

int alerts_rules(const settings& s, const alerts_options&) {
  for (const auto& rule : make_alert_rules(s))
    fmt::print("{:<16} {:<9} {}\n", rule.id, rule.severity, text_of(rule));
  return 0;
}

int alerts_list(const settings& s, const alerts_options& options) {
  return guarded("weir alerts list", std::cerr, [&] { return list(s, options); });
}

int alerts_test(const settings& s, const alerts_options& options) {
  return guarded("weir alerts test", std::cerr, [&] {
    if (options.files.empty() == !options.webhook)
      throw usage_error("expected gold files to judge, or --webhook");
    return options.webhook ? post_test(s) : judge_files(s, options);
  });
}

}  // namespace weir
