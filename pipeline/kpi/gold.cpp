#include <array>

#include "pipeline/base/base64.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/kpi/gold_sketches.hpp"

namespace weir {

namespace {

void append_part(std::string& out, std::string_view part) {
  out += '|';
  for (const char c : part) {
    if (c == '%')
      out += "%25";
    else if (c == '|')
      out += "%7C";
    else
      out += c;
  }
}

}  // namespace

std::string gold_key(const gold_record& g) {
  std::string out;
  append_part(out, g.site);
  out.erase(0, 1);
  append_part(out, to_string(g.size));
  append_part(out, std::to_string(g.start));
  for (std::size_t i = 0; i < definition(g.fam).key.size(); ++i) append_part(out, g.key[i]);
  return out;
}

void write_gold_key(family fam, const std::array<std::string_view, 3>& key, json_writer& out) {
  const auto names = definition(fam).key;
  out.name("key").begin_object();
  for (std::size_t i = 0; i < names.size(); ++i) out.field(names[i], key[i]);
  out.end_object();
}

void write_gold(const gold_record& g, const cell& c, const rules& settings, std::string& out,
                const cell* joined) {
  const auto& family = definition(g.fam);
  json_writer to(out);
  to.begin_object();
  to.field("site_id", g.site).field("family", family.name).field("granularity", to_string(g.size));
  to.field("window_start", g.start).field("window_end", g.end);
  write_gold_key(g.fam, g.key, to);
  to.name("metrics").begin_object();
  family.write_metrics(c, {g.site, settings, joined, g.end, g.watermark}, to);
  to.end_object();
  if (g.with_sketches) write_sketches(g.fam, c, to);
  to.field("revision", g.revision).field("events_final", g.events_final).field("final", g.final);
  to.field("capped", g.capped);
  if (is_approximate(c)) to.field("approximate", true);
  to.field("watermark", g.watermark).field("late_events", g.late_events).name("sessions_open");
  g.sessions_open ? to.value(*g.sessions_open) : to.null();
  if (g.records > 0) to.field("records", g.records);
  to.end_object();
}

}  // namespace weir
