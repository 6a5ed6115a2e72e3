#include "pipeline/kpi/metrics.hpp"

namespace weir {

void write_sums_and_uniques(const family_definition& family, const cell& c, json_writer& out) {
  for (std::size_t i = 0; i < family.sums.size(); ++i) {
    const auto sum = c.sum(static_cast<std::uint8_t>(i));
    out.name(family.sums[i]);
    i < family.micros.size() && family.micros[i] ? out.micros(sum) : out.value(sum);
  }
  for (std::size_t i = 0; i < family.uniques.size(); ++i)
    out.field(family.uniques[i], unique_count(c, static_cast<std::uint8_t>(i)));
}

double quantile(const cell& c, std::uint8_t slot, double q) {
  return slot < c.samples.size() ? c.samples[slot].quantile(q) : std::nan("");
}

void write_quantile(std::string_view name, const cell& c, std::uint8_t slot, double q, json_writer& out) {
  out.field(name, quantile(c, slot, q));
}

void write_top(std::string_view name, const cell& c, std::uint8_t slot, json_writer& out) {
  const auto found = slot < c.tops.size() ? c.tops[slot].top() : std::string_view{};
  out.name(name);
  found.empty() ? out.null() : out.value(found);
}

std::uint64_t unique_count(const cell& c, std::uint8_t slot) {
  return slot < c.uniques.size() ? c.uniques[slot].estimate() : 0;
}

}  // namespace weir
