#include "pipeline/kpi/gold_sketches.hpp"

#include <algorithm>
#include <string>

#include "pipeline/base/base64.hpp"

namespace weir {

namespace {

template <class Sketch>
void write_slots(std::span<const std::string_view> names, const std::vector<Sketch>& slots,
                 json_writer& out) {
  std::string bytes, text;
  for (std::size_t i = 0; i < std::min(names.size(), slots.size()); ++i) {
    if (slots[i].empty()) continue;
    bytes.clear();
    text.clear();
    byte_writer to(bytes);
    slots[i].encode(to);
    append_base64(text, bytes);
    out.field(names[i], text);
  }
}

template <class Sketch>
void read_slot(std::span<const std::string_view> names, std::string_view name, std::string_view base64,
               std::vector<Sketch>& slots) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return;
  const auto slot = static_cast<std::size_t>(found - names.begin());
  const auto bytes = decode_base64(base64);
  byte_reader in(bytes);
  if (slots.size() <= slot) slots.resize(slot + 1);
  slots[slot].merge(Sketch::decode(in));
  in.finish();
}

}  // namespace

void write_sketches(family fam, const cell& c, json_writer& out) {
  const auto& d = definition(fam);
  out.name("sketches").begin_object();
  write_slots(d.uniques, c.uniques, out);
  write_slots(d.samples, c.samples, out);
  write_slots(d.tops, c.tops, out);
  out.end_object();
}

void read_sketch(family fam, std::string_view name, std::string_view base64, cell& c) {
  const auto& d = definition(fam);
  read_slot(d.uniques, name, base64, c.uniques);
  read_slot(d.samples, name, base64, c.samples);
  read_slot(d.tops, name, base64, c.tops);
}

bool has_sketches(family fam) {
  const auto& d = definition(fam);
  return !d.uniques.empty() || !d.samples.empty() || !d.tops.empty();
}

bool is_approximate(const cell& c) {
  return std::any_of(c.tops.begin(), c.tops.end(), [](const top_counts& t) { return t.approximate(); });
}

}  // namespace weir
