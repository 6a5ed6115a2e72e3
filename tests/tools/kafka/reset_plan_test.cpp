#include "tools/kafka/reset_plan.hpp"

#include <doctest/doctest.h>

#include "tools/usage_error.hpp"

using namespace weir;

namespace {

task_on_kafka task(std::optional<std::int64_t> committed, offset_range input) {
  task_on_kafka t;
  t.id = {stage::ingest, "web", 1};
  t.epoch.emplace();
  t.epoch->next = 120;
  t.epoch->ring.push_back({100, {1000, 1000, 0}, {}, 1});
  t.keys = {"a", "b"};
  t.committed = committed;
  t.input = input;
  return t;
}

std::int64_t place(const char* to, const task_on_kafka& t) { return offset_of(parse_beginning(to), t); }

}  // namespace

TEST_CASE("a task begins again where it was told, within what the partition has") {
  const auto t = task(120, {50, 200});
  CHECK(place("committed", t) == 120);
  CHECK(place("earliest", t) == 50);
  CHECK(place("latest", t) == 200);
  CHECK(place("70", t) == 70);
  CHECK_THROWS_AS(place("49", t), usage_error);
  CHECK_THROWS_AS(place("201", t), usage_error);
  CHECK_THROWS_AS(place("-1", t), usage_error);
  CHECK_THROWS_AS(place("now", t), usage_error);
  CHECK(place("committed", task(120, {150, 200})) == 150);
  CHECK(place("committed", task({}, {50, 200})) == 50);
}

TEST_CASE("a reset is told with what it gives up and both offsets") {
  const auto text = describe(plan_reset(task(110, {50, 200}), 50, 9));
  for (const auto* part : {"web/1", "2 keys", "120", "110", "offset 50 "})
    CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("a gap is accepted only where there is one") {
  CHECK_FALSE(plan_gap(task(120, {100, 200}), 9));
  auto fresh = task({}, {150, 200});
  fresh.epoch.reset();
  CHECK_FALSE(plan_gap(fresh, 9));
  const auto plan = plan_gap(task(120, {150, 200}), 9);
  REQUIRE(plan);
  CHECK_FALSE(plan->drops_state);
  CHECK(plan->next.next == 150);
  const auto text = describe(*plan);
  for (const auto* part : {"30 records that were never read", "of 20 that were read", "offset 150"})
    CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("a gap of a task that would be refused all the same is not accepted") {
  CHECK_THROWS_AS(plan_gap(task(119, {150, 200}), 9), kafka_error);
}
