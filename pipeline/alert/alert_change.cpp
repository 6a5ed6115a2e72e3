#include "pipeline/alert/alert_change.hpp"

#include <simdjson.h>

#include "pipeline/base/json_writer.hpp"

namespace weir {

namespace {

void write_number(json_writer& json, std::string_view name, const std::optional<double>& x) {
  json.name(name);
  x ? json.value(*x) : json.null();
}

std::string text_of(const simdjson::dom::element& record, const char* field) {
  return std::string(std::string_view(record[field].get_string()));
}

std::optional<double> number_of(const simdjson::dom::element& record, const char* field) {
  double x = 0;
  if (record[field].get(x) != simdjson::SUCCESS) return std::nullopt;
  return x;
}

std::int64_t time_of(const simdjson::dom::element& record, const char* field) {
  std::int64_t x = 0;
  return record[field].get(x) == simdjson::SUCCESS ? x : 0;
}

alert_change read_record(const simdjson::dom::element& record) {
  alert_change c;
  const auto fam = find_family(text_of(record, "family"));
  const auto size = find_granularity(text_of(record, "granularity"));
  if (!fam || !size) throw simdjson::simdjson_error(simdjson::NO_SUCH_FIELD);
  c.id = text_of(record, "id");
  c.site = text_of(record, "site_id");
  c.key = text_of(record, "key_text");
  c.key_json = simdjson::minify(record["key"]);
  c.severity = text_of(record, "severity");
  c.metric = text_of(record, "metric");
  c.fam = *fam;
  c.size = *size;
  c.firing = text_of(record, "state") == "fired";
  c.fired_at = time_of(record, "fired_at");
  c.resolved_at = time_of(record, "resolved_at");
  c.window_start = time_of(record, "window_start");
  c.window_end = time_of(record, "window_end");
  bool delivered = false;
  c.delivered = record["delivered"].get(delivered) == simdjson::SUCCESS && delivered;
  c.value = number_of(record, "value");
  c.threshold = number_of(record, "threshold");
  return c;
}

}  // namespace

std::string name_of(const alert_change& c) {
  auto name = c.id + '|' + c.site;
  if (!c.key.empty()) name.append("|").append(c.key);
  return name;
}

void write_alert_change(const alert_change& c, std::string& out) {
  json_writer json(out);
  json.begin_object().field("id", std::string_view(c.id)).field("state", c.firing ? "fired" : "resolved");
  json.field("severity", std::string_view(c.severity)).field("site_id", std::string_view(c.site));
  json.field("family", definition(c.fam).name).field("metric", std::string_view(c.metric));
  json.field("granularity", to_string(c.size));
  json.name("key").raw(c.key_json).field("key_text", std::string_view(c.key));
  json.field("window_start", c.window_start).field("window_end", c.window_end);
  write_number(json, "value", c.value);
  write_number(json, "threshold", c.threshold);
  json.field("fired_at", c.fired_at).name("resolved_at");
  c.resolved_at ? json.value(c.resolved_at) : json.null();
  json.field("delivered", c.delivered).end_object();
}

std::optional<alert_change> read_alert_change(std::string_view text) {
  simdjson::dom::parser parser;
  try {
    return read_record(parser.parse(text.data(), text.size()));
  } catch (const simdjson::simdjson_error&) {
    return std::nullopt;
  }
}

}  // namespace weir
