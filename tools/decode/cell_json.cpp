#include "tools/decode/cell_json.hpp"

#include <algorithm>

namespace weir {

namespace {

/// An object of what is there, by the names of the slots; nothing when there is none.
template <class Slots, class Is, class Write>
void write_slots(std::string_view kind, std::span<const std::string_view> names, const Slots& slots,
                 Is&& there, json_writer& out, Write&& write) {
  if (std::none_of(slots.begin(), slots.end(), there)) return;
  out.name(kind).begin_object();
  for (std::size_t i = 0; i < std::min(names.size(), slots.size()); ++i) {
    if (!there(slots[i])) continue;
    out.name(names[i]);
    write(slots[i], i);
  }
  out.end_object();
}

}  // namespace

void write_cell(family fam, const cell& c, json_writer& out) {
  const auto& d = definition(fam);
  const auto filled = [](const auto& sketch) { return !sketch.empty(); };
  out.begin_object();
  write_slots(
      "sums", d.sums, c.sums, [](std::int64_t x) { return x != 0; }, out,
      [&](std::int64_t x, std::size_t i) {
        i < d.micros.size() && d.micros[i] ? out.micros(x) : out.value(x);
      });
  write_slots("uniques", d.uniques, c.uniques, filled, out,
              [&](const hyperloglog& x, std::size_t) { out.value(x.estimate()); });
  write_slots("samples", d.samples, c.samples, filled, out, [&](const ddsketch& x, std::size_t) {
    out.begin_object().field("count", x.count());
    out.field("p50", x.quantile(0.5))
        .field("p90", x.quantile(0.9))
        .field("p99", x.quantile(0.99))
        .end_object();
  });
  write_slots("tops", d.tops, c.tops, filled, out, [&](const top_counts& x, std::size_t) {
    out.begin_object().field("top", x.top()).field("count", x.count(x.top())).end_object();
  });
  out.end_object();
}

}  // namespace weir
