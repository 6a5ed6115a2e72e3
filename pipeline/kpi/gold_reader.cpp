#include "pipeline/kpi/gold_reader.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "pipeline/base/micros.hpp"
#include "pipeline/event/json_scan.hpp"
#include "pipeline/kpi/gold_sketches.hpp"

namespace weir {

namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

constexpr std::size_t deepest = 8;

[[noreturn]] void refuse(const std::string& why) { throw gold_merge_error(why); }

std::int64_t parse_integer(std::string_view text) {
  std::int64_t x = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, x);
  if (parsed.ec != std::errc{} || parsed.ptr != end) refuse("not an integer: " + std::string(text));
  return x;
}

std::int64_t read_micros(std::string_view text) {
  const auto amount = parse_micros(text);
  if (!amount) refuse("not a decimal with up to 6 digits behind the point: " + std::string(text));
  return *amount;
}

/// A number as it is written.
std::string_view token(value v) {
  auto text = v.raw_json_token();
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == '\n' || text.back() == '\r' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

void read_sums(object metrics, const family_definition& d, cell& c) {
  c.sums.resize(d.sums.size());
  for (auto field : metrics) {
    const std::string_view name = field.unescaped_key();
    const auto found = std::find(d.sums.begin(), d.sums.end(), name);
    if (found == d.sums.end()) continue;
    const auto slot = static_cast<std::size_t>(found - d.sums.begin());
    const auto text = token(field.value());
    c.sums[slot] = slot < d.micros.size() && d.micros[slot] ? read_micros(text) : parse_integer(text);
  }
}

void read_sketches(object sketches, family fam, cell& c) {
  for (auto field : sketches) {
    const std::string name{std::string_view(field.unescaped_key())};
    read_sketch(fam, name, std::string_view(field.value().get_string()), c);
  }
}

gold_head read_head(object o) {
  gold_head h;
  h.site = std::string_view(o["site_id"]);
  const auto fam = find_family(std::string_view(o["family"]));
  if (!fam) refuse("no such family");
  h.fam = *fam;
  const auto size = find_granularity(std::string_view(o["granularity"]));
  if (!size) refuse("no such granularity");
  auto& w = h.window;
  w.size = *size;
  w.start = o["window_start"];
  w.end = o["window_end"];
  if (w.end <= w.start) refuse("a window must end after its start");
  object key = o["key"];
  const auto names = definition(h.fam).key;
  for (std::size_t i = 0; i < names.size(); ++i) h.key[i] = std::string_view(key[names[i]]);
  h.revision = o["revision"];
  w.events_final = o["events_final"];
  w.final = o["final"];
  w.capped = o["capped"];
  w.late_events = o["late_events"];
  return h;
}

gold_content read_content(object o) {
  gold_content r;
  r.head = read_head(o);
  r.watermark = o["watermark"];
  value open = o["sessions_open"];
  if (!open.is_null()) r.sessions_open = open.get_int64();
  const auto fam = r.head.fam;
  read_sums(o["metrics"], definition(fam), r.data);
  object sketches;
  const auto error = o["sketches"].get(sketches);
  if (error == simdjson::NO_SUCH_FIELD && !has_sketches(fam)) return r;
  if (error == simdjson::NO_SUCH_FIELD)
    refuse(
        "it has no sketches, which its family needs: expected a record of a final window, an hour or a day");
  if (error) throw simdjson::simdjson_error(error);
  read_sketches(sketches, fam, r.data);
  return r;
}

}  // namespace

struct gold_reader::parser {
  simdjson::ondemand::parser json;
  std::string padded;

  /// Calls `read(object)` with the record.
  template <class Read>
  auto with(std::string_view text, Read&& read) try {
    // The on-demand parser looks only where it is asked to, and must not be asked of what is no JSON.
    if (scan_json(text, deepest).what != json_scan::verdict::valid) refuse("not a gold record: no JSON");
    padded.assign(text);
    padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    auto document = json.iterate(padded);
    return read(document.get_object().value());
  } catch (const simdjson::simdjson_error& e) {
    throw gold_merge_error(std::string("not a gold record: ") + e.what());
  } catch (const decode_error& e) {
    throw gold_merge_error(std::string("not a gold record: ") + e.what());
  }
};

gold_reader::gold_reader() : parser_(std::make_unique<parser>()) {}
gold_reader::~gold_reader() = default;

gold_head gold_reader::head(std::string_view json) { return parser_->with(json, read_head); }
gold_content gold_reader::content(std::string_view json) { return parser_->with(json, read_content); }

}  // namespace weir
