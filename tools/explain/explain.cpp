#include "tools/explain/explain.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "config/embedded.hpp"
#include "pipeline/base/json_writer.hpp"
#include "state/log/topic_of.hpp"
#include "tools/explain/gold_search.hpp"
#include "tools/explain/metric_definition.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/options.hpp"
#include "tools/kafka/topic_reading.hpp"
#include "tools/line_source.hpp"
#include "tools/time_option.hpp"
#include "tools/usage_error.hpp"

namespace weir {

namespace {

using simdjson::dom::element;
constexpr std::size_t longest_line = 16 << 20, batch = 1'000;
constexpr std::string_view quality_counts[] = {"events_in", "valid",   "duplicates", "late",
                                               "too_late",  "amended", "bot_events"};

std::string time_text(std::int64_t milliseconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(milliseconds / 1000)));
}

std::string fam_name(family fam) { return std::string(definition(fam).name); }

gold_search::wanted parse(const explain_options& o) {
  gold_search::wanted w;
  w.site = o.site;
  const auto fam = find_family(o.family);
  if (!fam) throw usage_error(fmt::format("there is no family \"{}\"", o.family));
  w.fam = *fam;
  const auto size = find_granularity(o.granularity);
  if (!size || *size == granularity::range)
    throw usage_error(fmt::format("--granularity: expected 5m, 1h, 1d or 1dl, got \"{}\"", o.granularity));
  w.size = *size;
  if (!o.window.empty()) w.at = time_option("--window", o.window, 0);
  const auto names = definition(*fam).key;
  for (const auto& given : o.keys) {
    const auto equals = given.find('=');
    const auto name = given.substr(0, equals);
    if (equals == given.npos || std::find(names.begin(), names.end(), name) == names.end())
      throw usage_error(fmt::format(
          "--key: expected NAME=VALUE with one of {}, got \"{}\"",
          names.empty() ? "no name: the family has no key" : fmt::format("{}", fmt::join(names, ", ")),
          given));
    w.key.emplace_back(name, given.substr(equals + 1));
  }
  return w;
}

/// Shows each gold record of the family to `take`.
void read_gold(const settings& s, const explain_options& o, family fam,
               const std::function<bool(std::string_view)>& take) {
  if (o.files.empty()) {
    kafka_cluster cluster(kafka_options_of(s));
    read_all(cluster, gold_topic(fam), {}, [&](const kafka_record& r) {
      if (r.value) take(*r.value);
    });
    return;
  }
  for (const auto& file : o.files) {
    line_source lines(file, longest_line, 0);
    while (const auto run = lines.next(batch))
      for (const auto& r : run->entries)
        if (!take(run->value(r)))
          throw input_error(fmt::format("{}:{}: expected a gold record", file, r.offset + 1));
  }
}

/// The sources' counts of what arrived in that time.
struct quality_of_window {
  std::set<std::string> sources;
  std::map<std::string, std::int64_t, std::less<>> counts;
  std::int64_t dead_letters = 0;
};

/// How far the number may be off.
std::string error_of(std::string_view metric, bool approximate, double value) {
  const auto p = metric.rfind("_p");
  if (p != metric.npos && metric.find_first_not_of("0123456789", p + 2) == metric.npos)
    return "DDSketch: within 1 % of the value";
  if (metric.starts_with("top_"))
    return approximate ? "beyond 1,000 texts: approximate" : "exact up to 1,000 texts";
  if (metric.starts_with("unique_") && metric != "unique_sessions")
    return value < 1024 ? "exact: fewer than 1,024" : "HyperLogLog: standard error 0.81 %";
  if (metric == "sessions_per_user" || metric == "returning_visitors" || metric == "traffic_health")
    return "exact as long as unique_visitors is: below 1,024; beyond, a standard error of 0.81 %";
  return "exact";
}

class explanation {
 public:
  explanation(const settings& s, const explain_options& o)
      : options_(o), search_(parse(o)), fam_(parse(o).fam) {
    const auto page = embedded_metrics().front().text;
    const auto found = find_definition(page, o.family, o.metric);
    if (!found)
      throw usage_error(
          fmt::format("family {} has no metric \"{}\"; see docs/metrics.md", o.family, o.metric));
    definition_ = *found;
    read_gold(s, o, fam_, [this](std::string_view json) { return search_.take(json); });
    if (search_.found().text.empty()) throw std::runtime_error(nothing());
    record_ = parser_.parse(search_.found().text);
    if (fam_ != family::quality) read_quality(s);
  }

  void show() const { options_.json ? show_json() : show_text(); }

 private:
  std::string nothing() const {
    auto text =
        fmt::format("no record of {}.{} for site {}", options_.family, options_.granularity, options_.site);
    if (!options_.window.empty()) text += " with a window that holds " + options_.window;
    if (!search_.other_keys().empty())
      text += fmt::format("; keys that there are: {}", fmt::join(search_.other_keys(), ", "));
    return text;
  }

  void read_quality(const settings& s) {
    const auto start = search_.found().start;
    simdjson::dom::parser parser;
    std::map<std::string, std::string> last;
    read_gold(s, options_, family::quality, [&](std::string_view json) {
      element r;
      std::string_view fam, size;
      std::int64_t at = 0;
      if (parser.parse(json.data(), json.size()).get(r) != simdjson::SUCCESS) return false;
      if (r["family"].get(fam) != simdjson::SUCCESS || fam != "quality") return true;
      if (r["granularity"].get(size) != simdjson::SUCCESS || size != options_.granularity) return true;
      if (r["window_start"].get(at) != simdjson::SUCCESS || at != start) return true;
      last[simdjson::minify(r["key"])] = std::string(json);
      return true;
    });
    for (const auto& [key, json] : last) {
      quality_.sources.insert(key);
      for (const auto [name, x] : parser.parse(json)["metrics"].get_object()) {
        std::int64_t n = 0;
        if (x.get(n) != simdjson::SUCCESS) continue;
        if (name.starts_with("dead_letters_")) quality_.dead_letters += n;
        quality_.counts[std::string(name)] += n;
      }
    }
  }

  std::string metric_text(std::string_view name) const {
    element x;
    return record_["metrics"][name].get(x) == simdjson::SUCCESS ? simdjson::minify(x) : "not there";
  }
  double number() const {
    double x = 0;
    return record_["metrics"][options_.metric].get(x) == simdjson::SUCCESS ? x : 0;
  }
  bool flag(const char* name) const {
    bool on = false;
    return record_[name].get(on) == simdjson::SUCCESS && on;
  }
  std::int64_t count(const char* name) const {
    std::int64_t n = 0;
    return record_[name].get(n) == simdjson::SUCCESS ? n : 0;
  }
  std::string state() const {
    if (flag("final")) return "final: nothing can come to it any more but what amends it";
    if (flag("events_final")) return "its events are complete, sessions that began in it are still open";
    return "open: events may still come to it";
  }

  void show_text() const {
    const auto& f = search_.found();
    fmt::print("{}.{} of {} is {}\n\n", fam_name(fam_), options_.metric, options_.site,
               metric_text(options_.metric));
    fmt::print("  key          {}\n", simdjson::minify(record_["key"]));
    fmt::print("  window       {} to {} ({}); {}\n", time_text(f.start), time_text(f.end),
               options_.granularity, state());
    fmt::print("  definition   {}: {}\n", definition_.names, definition_.text);
    fmt::print("  counted in   the window of {}\n", definition_.window);
    fmt::print("  error        {}\n", error_of(options_.metric, flag("approximate"), number()));
    for (const auto& name : definition_.made_of)
      fmt::print("  made of      {} = {}\n", name, metric_text(name));
    fmt::print("  revision     {}, of {} records of it that were read\n", f.revision, f.seen);
    fmt::print("  watermark    {} when it was made\n", time_text(count("watermark")));
    fmt::print("  late events  {} that counted in this window, site and family\n", count("late_events"));
    if (flag("capped")) fmt::print("  capped       keys beyond kpi.max_keys are in the key (other)\n");
    if (quality_.sources.empty()) return;
    fmt::print("  arrivals     in this time, of all sites:");
    for (const auto name : quality_counts)
      if (const auto n = quality_.counts.find(name); n != quality_.counts.end())
        fmt::print(" {} {}", name, n->second);
    fmt::print(" dead_letters {}\n", quality_.dead_letters);
  }

  void show_json() const {
    std::string out;
    json_writer json(out);
    json.begin_object().field("metric", std::string_view(options_.metric));
    json.name("value").raw(metric_text(options_.metric) == "not there" ? "null"
                                                                       : metric_text(options_.metric));
    json.field("definition", std::string_view(definition_.text))
        .field("window", std::string_view(definition_.window));
    json.field("error", std::string_view(error_of(options_.metric, flag("approximate"), number())));
    json.name("made_of").begin_object();
    for (const auto& name : definition_.made_of)
      if (const auto text = metric_text(name); text != "not there") json.escaped_name(name).raw(text);
    json.end_object().name("arrivals").begin_object();
    for (const auto& [name, n] : quality_.counts) json.escaped_name(name).value(n);
    json.end_object().field("records_read", static_cast<std::uint64_t>(search_.found().seen));
    json.name("record").raw(simdjson::minify(record_)).end_object();
    fmt::print("{}\n", out);
  }

  const explain_options& options_;
  gold_search search_;
  family fam_;
  metric_definition definition_;
  simdjson::dom::parser parser_;
  element record_;
  quality_of_window quality_;
};

}  // namespace

int explain(const settings& s, const explain_options& options) {
  return guarded("weir explain", std::cerr, [&] { return explanation(s, options).show(), 0; });
}

}  // namespace weir
