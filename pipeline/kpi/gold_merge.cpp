#include "pipeline/kpi/gold_merge.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "pipeline/kpi/gold_sketches.hpp"

namespace weir {

namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

constexpr int micro_digits = 6;

[[noreturn]] void refuse(const std::string& why) { throw gold_merge_error(why); }

std::int64_t parse_integer(std::string_view text) {
  std::int64_t x = 0;
  const auto* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, x);
  if (parsed.ec != std::errc{} || parsed.ptr != end) refuse("not an integer: " + std::string(text));
  return x;
}

/// A decimal with up to 6 digits, as json_writer::micros writes it: exact, whatever its size.
std::int64_t parse_micros(std::string_view text) {
  std::string digits(text);
  const auto point = digits.find('.');
  const auto fraction = point == std::string::npos ? 0 : digits.size() - point - 1;
  if (fraction > micro_digits) refuse("more than 6 digits behind the point: " + digits);
  if (point != std::string::npos) digits.erase(point, 1);
  digits.append(micro_digits - fraction, '0');
  return parse_integer(digits);
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
    c.sums[slot] = slot < d.micros.size() && d.micros[slot] ? parse_micros(text) : parse_integer(text);
  }
}

void read_sketches(object sketches, family fam, cell& c) {
  for (auto field : sketches) {
    const std::string name{std::string_view(field.unescaped_key())};
    read_sketch(fam, name, std::string_view(field.value().get_string()), c);
  }
}

}  // namespace

/// Reads one record. The on-demand parser tells numbers as they are written, so that large amounts stay
/// exact.
struct gold_merge::reader {
  struct record {
    subject of;
    std::int64_t start = 0;
    window data;
  };
  record read(std::string_view json);

 private:
  void read_key(object key, subject& of);
  void read_window(object o, family fam, record& r);

  simdjson::ondemand::parser parser_;
  std::string padded_;
};

gold_merge::reader::record gold_merge::reader::read(std::string_view json) try {
  padded_.assign(json);
  padded_.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  auto document = parser_.iterate(padded_);
  object o = document.get_object();
  record r;
  const auto fam = find_family(std::string_view(o["family"]));
  if (!fam) refuse("no such family");
  r.of.fam = *fam;
  r.of.site = std::string_view(o["site_id"]);
  read_key(o["key"], r.of);
  read_window(o, *fam, r);
  return r;
} catch (const simdjson::simdjson_error& e) {
  throw gold_merge_error(std::string("not a gold record: ") + e.what());
} catch (const decode_error& e) {
  throw gold_merge_error(std::string("not a gold record: ") + e.what());
}

void gold_merge::reader::read_key(object key, subject& of) {
  const auto names = definition(of.fam).key;
  for (std::size_t i = 0; i < names.size(); ++i) of.key[i] = std::string_view(key[names[i]]);
}

void gold_merge::reader::read_window(object o, family fam, record& r) {
  auto& w = r.data;
  r.start = o["window_start"];
  w.end = o["window_end"];
  w.revision = o["revision"];
  w.watermark = o["watermark"];
  w.late_events = o["late_events"];
  w.events_final = o["events_final"];
  w.final = o["final"];
  w.capped = o["capped"];
  value open = o["sessions_open"];
  if (!open.is_null()) w.sessions_open = open.get_int64();
  read_sums(o["metrics"], definition(fam), w.data);
  object sketches;
  const auto error = o["sketches"].get(sketches);
  if (error == simdjson::NO_SUCH_FIELD && !has_sketches(fam)) return;
  if (error == simdjson::NO_SUCH_FIELD) refuse("the record has no sketches: its window is not final yet");
  if (error) throw simdjson::simdjson_error(error);
  read_sketches(sketches, fam, w.data);
}

gold_merge::gold_merge(const rules& settings) : settings_(settings), reader_(std::make_unique<reader>()) {}
gold_merge::~gold_merge() = default;

void gold_merge::check_overlaps(std::int64_t start, const window& w) const {
  if (w.end <= start) refuse("a window must end after its start");
  const auto after = windows_.lower_bound(start);
  const bool next = after != windows_.end() && after->first < w.end;
  const bool before = after != windows_.begin() && std::prev(after)->second.end > start;
  if (next || before) refuse("windows overlap: give records of one granularity");
}

void gold_merge::add(std::string_view json) {
  auto record = reader_->read(json);
  if (!empty() && !(record.of == subject_)) refuse("records of different sites, families or keys");
  const auto same = windows_.find(record.start);
  if (same == windows_.end() || same->second.end != record.data.end) {
    check_overlaps(record.start, record.data);
    subject_ = std::move(record.of);
    windows_.emplace(record.start, std::move(record.data));
  } else if (record.data.revision > same->second.revision) {
    same->second = std::move(record.data);
  }
}

void gold_merge::write(std::string& out) const {
  gold_record total{};
  total.events_final = total.final = true;
  total.watermark = std::numeric_limits<std::int64_t>::max();
  total.sessions_open = 0;
  cell sum;
  for (const auto& [start, w] : windows_) {
    sum.merge(w.data);
    total.revision = std::max(total.revision, w.revision);
    total.watermark = std::min(total.watermark, w.watermark);
    total.late_events += w.late_events;
    total.events_final &= w.events_final;
    total.final &= w.final;
    total.capped |= w.capped;
    if (!w.sessions_open) total.sessions_open.reset();
    if (total.sessions_open) *total.sessions_open += *w.sessions_open;
  }
  total.fam = subject_.fam;
  total.site = subject_.site;
  for (std::size_t i = 0; i < subject_.key.size(); ++i) total.key[i] = subject_.key[i];
  total.size = granularity::range;
  total.start = windows_.begin()->first;
  total.end = windows_.rbegin()->second.end;
  total.with_sketches = true;
  total.records = windows_.size();
  write_gold(total, sum, settings_, out, &sum);  // a union holds its page's views itself
}

}  // namespace weir
