#include "tools/decode/partial_json.hpp"

#include "pipeline/kpi/gold_sketches.hpp"
#include "pipeline/kpi/partial.hpp"
#include "tools/decode/cell_json.hpp"

namespace weir {

namespace {

void write_deltas(const partial_record& record, json_writer& out) {
  out.field("site", record.site).field("family", definition(record.fam).name).field("shard", record.shard);
  if (!record.late.empty()) {
    out.name("late").begin_array();
    for (const auto& l : record.late)
      out.begin_object().field("window_start", l.window).field("events", l.events).end_object();
    out.end_array();
  }
  out.name("deltas").begin_array();
  for (const auto& d : record.deltas) {
    out.begin_object().field("window_start", d.window);
    write_gold_key(record.fam, d.key, out);
    out.name("data");
    write_cell(record.fam, d.data, out);
    out.end_object();
  }
  out.end_array();
}

}  // namespace

std::string partial_json(std::string_view value) {
  std::string text;
  json_writer out(text);
  out.begin_object();
  write_deltas(decode_partial(value), out);
  out.end_object();
  return text;
}

}  // namespace weir
