#include "actors/origin_clocks.hpp"

#include "pipeline/base/codec.hpp"

namespace weir {

origin_clocks::origin_clocks(const std::vector<std::string>& names) {
  for (const auto& name : names) origins_.try_emplace(name);
}

// Bytes: for each, its name and its report, both as texts.
std::string origin_clocks::encode() const {
  std::string bytes, report;
  byte_writer out(bytes);
  for (const auto& [name, clocks] : origins_) {
    report.clear();
    weir::encode(clocks, report);
    out.text(name);
    out.text(report);
  }
  return bytes;
}

void origin_clocks::restore(std::string_view bytes) {
  byte_reader in(bytes);
  while (!in.done()) {
    const auto name = in.text();
    take(name, decode_clock_report(in.text()));
  }
}

clock_report* origin_clocks::find(std::string_view name) {
  const auto found = origins_.find(name);
  return found == origins_.end() ? nullptr : &found->second;
}

void origin_clocks::take(std::string_view name, const clock_report& report) {
  if (auto* known = find(name)) *known = highest(*known, report);
}

clock_report origin_clocks::low() const {
  clock_report low{end_of_time, end_of_time, end_of_time, end_of_time};
  for (const auto& [_, clocks] : origins_) low = lowest(low, clocks);
  return low;
}

}  // namespace weir
