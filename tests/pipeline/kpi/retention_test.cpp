#include <doctest/doctest.h>

#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/kpi/retention.hpp"

using namespace weir;

namespace {

constexpr std::int64_t cohort = 19'700 * day_size;

/// The metrics of a cohort of two of whom one came back on these days.
std::string metrics(std::initializer_list<std::int64_t> days, std::int64_t watermark) {
  contributions kpis;
  active_day_set active;
  for (const auto d : days) active.add(d);
  contribute_cohort("s", cohort + 5, active, kpis);
  contribute_cohort("s", cohort + day_size - 1, {}, kpis);
  cell c;
  for (const auto& made : kpis.of(family::retention)) {
    CHECK(made.window == cohort);
    c.add(kpis.additions(made), made.count);
  }
  std::string text;
  json_writer out(text);
  out.begin_object();
  const rules r;
  definition(family::retention).write_metrics(c, {"s", r, nullptr, cohort + day_size, watermark}, out);
  out.end_object();
  return text;
}

bool has(const std::string& json, const std::string& field) { return json.find(field) != std::string::npos; }

}  // namespace

TEST_CASE("a share of retention is null until the watermark has passed the last of its days") {
  const auto before = metrics({0, 1, 8}, cohort + 2 * day_size - 1);
  CHECK(has(before, R"("cohort_size":2,)"));
  CHECK(has(before, R"("d1_users":1,"d1":null,)"));
  CHECK(has(metrics({0, 1, 8}, cohort + 2 * day_size), R"("d1_users":1,"d1":0.5,)"));
  CHECK(has(metrics({0, 1, 8}, cohort + 14 * day_size - 1), R"("w1_users":1,"w1":null,)"));
  CHECK(has(metrics({0, 1, 8}, cohort + 14 * day_size), R"("w1_users":1,"w1":0.5,)"));
  CHECK(has(metrics({0, 1, 8}, cohort + 14 * day_size), R"("d7_users":0,"d7":0,)"));
  CHECK(has(metrics({90}, cohort + 91 * day_size), R"("w12_users":1,"w12":0.5})"));
}

TEST_CASE("a cohort's record is told anew as its shares can be told, the last with the 90th day") {
  const auto end = cohort + day_size;
  CHECK(retention_told(end, end) == 0);
  CHECK(retention_told(end, end + day_size) == 1);
  CHECK(retention_told(end, retention_complete(end) - 1) == 14);
  CHECK(retention_told(end, retention_complete(end)) == 15);
}

TEST_CASE("days before 1970 are days, too") {
  CHECK(day_of(-1) == -1);
  CHECK(day_of(-day_size) == -1);
  CHECK(day_of(-day_size - 1) == -2);
  CHECK(day_of(0) == 0);
}
