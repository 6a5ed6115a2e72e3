#include "pipeline/alert/gold_sample.hpp"

#include <simdjson.h>

namespace weir {

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::optional<double> sum_of(const gold_sample& sample, std::string_view metric) {
  const bool all = metric.ends_with('*');
  if (all) metric.remove_suffix(1);
  std::optional<double> sum;
  for (const auto& [name, x] : sample.metrics)
    if (all ? name.starts_with(metric) : name == metric) sum = sum.value_or(0) + x;
  if (all && !sum) sum = 0;
  return sum;
}

void take_key(const object& fields, gold_sample& out) {
  for (const auto [name, part] : fields) {
    std::string_view text;
    std::int64_t number = 0;
    if (!out.key.empty()) out.key += '|';
    if (part.get(text) == simdjson::SUCCESS)
      out.key.append(text);
    else if (part.get(number) == simdjson::SUCCESS)
      out.key += std::to_string(number);
  }
  out.key_json = simdjson::minify(fields);
}

void take_metrics(const object& fields, gold_sample& out) {
  for (const auto [name, x] : fields) {
    double number = 0;
    if (x.get(number) == simdjson::SUCCESS) out.metrics.emplace_back(std::string(name), number);
  }
}

gold_sample read_record(const element& record) {
  gold_sample s;
  const auto fam = find_family(std::string_view(record["family"].get_string()));
  const auto size = find_granularity(std::string_view(record["granularity"].get_string()));
  if (!fam || !size) throw simdjson::simdjson_error(simdjson::NO_SUCH_FIELD);
  s.fam = *fam;
  s.size = *size;
  s.site = std::string(std::string_view(record["site_id"].get_string()));
  s.start = record["window_start"].get_int64();
  s.end = record["window_end"].get_int64();
  s.watermark = record["watermark"].get_int64();
  s.revision = record["revision"].get_int64();
  s.events_final = record["events_final"].get_bool();
  s.final = record["final"].get_bool();
  std::int64_t open = 0;
  if (record["sessions_open"].get(open) == simdjson::SUCCESS) s.sessions_open = open;
  take_key(record["key"].get_object(), s);
  take_metrics(record["metrics"].get_object(), s);
  return s;
}

}  // namespace

std::optional<double> gold_sample::value(const alert_rule& rule) const {
  const auto x = sum_of(*this, rule.metric);
  if (!x || rule.per.empty()) return x;
  const auto by = sum_of(*this, rule.per);
  if (!by || *by == 0) return std::nullopt;
  return *x / *by;
}

std::optional<std::int64_t> gold_sample::complete_at(const alert_rule& rule,
                                                     std::int64_t publish_interval) const {
  if (final) return watermark;
  if (size != granularity::five_minutes) return std::nullopt;
  const bool open = !sessions_open || *sessions_open > 0;
  if (rule.what == alert_rule::kind::anomaly || (open && is_session_metric(fam, rule.metric)))
    return std::nullopt;
  if (events_final || watermark >= end) return watermark;
  return fam == family::site ? end : end + publish_interval;
}

struct gold_sample_reader::parser {
  simdjson::dom::parser json;
};

gold_sample_reader::gold_sample_reader() : parser_(std::make_unique<parser>()) {}
gold_sample_reader::~gold_sample_reader() = default;

std::optional<gold_sample> gold_sample_reader::read(std::string_view json) {
  try {
    return read_record(parser_->json.parse(json.data(), json.size()));
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

}  // namespace weir
