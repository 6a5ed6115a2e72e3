#include "actors/input_clock.hpp"

#include <doctest/doctest.h>

#include "actors/clock_report.hpp"

using namespace weir;

namespace {

constexpr std::int64_t hour = 3'600'000, now = 1'700'000'000'000;

task_clocks clocks_of(std::int64_t w, std::int64_t c) {
  task_clocks clocks;
  clocks.w = clocks.highest = w;
  clocks.c = c;
  return clocks;
}

}  // namespace

TEST_CASE("a partition whose events have ended tells the watermark below which no event can come") {
  rules r;
  r.max_delay = 24 * hour;
  const auto bound = now - 24 * hour - r.time.max_out_of_orderness;
  CHECK(told_watermark(clocks_of(now - hour, now), r, false) == now - hour);  // it is ahead of that
  CHECK(told_watermark(clocks_of(now - 100 * hour, now), r, false) == bound);
  CHECK(told_watermark(clocks_of(task_clocks::no_time, now), r, false) == bound);
}

TEST_CASE("where events of any age may come, a partition tells its own watermark alone") {
  rules r;
  const auto dry = clocks_of(now - 100 * hour, now);
  CHECK(told_watermark(dry, r, true) == dry.w);
  r.max_delay = unlimited;
  CHECK(told_watermark(dry, r, false) == dry.w);
}

TEST_CASE("at the end of input a partition tells how far it came, and one without events the end of time") {
  const rules r;
  CHECK(told_watermark(clocks_of(now, end_of_time), r, true) == now);
  CHECK(told_watermark(clocks_of(task_clocks::no_time, end_of_time), r, true) == end_of_time);
}

TEST_CASE("a partition that is re-keyed tells its own watermark once it has one: there it decides content") {
  const rules r;
  const auto dry = clocks_of(now - 100 * hour, now);
  CHECK(told_watermark_of_origin(dry, r, false) == dry.w);
  const auto silent = clocks_of(task_clocks::no_time, now);
  CHECK(told_watermark_of_origin(silent, r, false) == told_watermark(silent, r, false));
}
