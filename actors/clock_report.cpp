#include "actors/clock_report.hpp"

#include <algorithm>

#include "pipeline/base/codec.hpp"

namespace weir {

// Bytes: W, C, A, settled, zig-zag.
void encode(const clock_report& report, std::string& bytes) {
  byte_writer out(bytes);
  for (auto x : {report.w, report.c, report.a, report.settled}) out.zigzag(x);
}

clock_report decode_clock_report(std::string_view bytes) {
  byte_reader in(bytes);
  clock_report report;
  for (auto* x : {&report.w, &report.c, &report.a, &report.settled}) *x = in.zigzag();
  in.finish();
  return report;
}

clock_report lowest(const clock_report& a, const clock_report& b) {
  return {std::min(a.w, b.w), std::min(a.c, b.c), std::min(a.a, b.a), std::min(a.settled, b.settled)};
}

clock_report highest(const clock_report& a, const clock_report& b) {
  return {std::max(a.w, b.w), std::max(a.c, b.c), std::max(a.a, b.a), std::max(a.settled, b.settled)};
}

}  // namespace weir
