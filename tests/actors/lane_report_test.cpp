#include "actors/lane_report.hpp"

#include <doctest/doctest.h>

#include "tests/actors/lane_fixture.hpp"

using namespace weir;
using test::commit;
using test::lane_fixture;

namespace {
const task_id events{stage::ingest, lane_fixture::topic, 0};
}

TEST_CASE("a lane tells what is committed of each task, and where it stands") {
  lane_fixture x;
  auto lane = x.make();
  CHECK(lane->report().ready());
  CHECK(lane->report().last_commit == 0);
  x.view("a", 0);
  x.view("b", 1);
  x.log.append(lane_fixture::topic, 0, "c", "no JSON", x.wall);
  commit(*lane);
  const auto r = lane->report();
  CHECK(r.lane == "lane-00");
  CHECK(r.last_commit == x.wall);
  const auto& done = r.done.at(events);
  CHECK(done.records == 3);
  CHECK(done.intake.in == 3);
  CHECK(done.intake.valid == 2);
  CHECK(done.intake.dead[static_cast<std::size_t>(reason::malformed_json)] == 1);
  REQUIRE(r.tasks.size() == 1);
  CHECK(r.tasks[0].task == events);
  CHECK(r.tasks[0].next == 3);
  CHECK(r.tasks[0].lag() == 0);
  CHECK(r.tasks[0].sessions == 2);
  CHECK(r.tasks[0].actors == 2);
  CHECK(r.tasks[0].last_time == x.wall);
  CHECK(r.tasks[0].clocks.w == lane_fixture::start + lane_fixture::minute - x.r.time.max_out_of_orderness);
}

TEST_CASE("latency goes from the broker's time to the commit, and counts each record once") {
  lane_fixture x;
  auto lane = x.make();
  commit(*lane);
  x.view("a", 0);
  x.view("a", 1);
  x.wall += 3'000;
  commit(*lane);
  const auto time = lane->report().counts.publish_time;
  CHECK(time.total() == 2);
  CHECK(time.sum == doctest::Approx(63 + 3));
  lane->drop();
  lane->recover();  // redoes both
  CHECK(lane->report().counts.publish_time.total() == 2);
  CHECK(lane->report().done.at(events).records == 2);
}

TEST_CASE("what is read and not committed is not told, and what a redo has left is") {
  lane_fixture x;
  auto lane = x.make();
  commit(*lane);  // from here on a change is young
  x.view("a", 0);
  commit(*lane);
  x.view("a", 1);
  CHECK(lane->poll(1000, 0) == 1);
  CHECK(lane->report().done.at(events).records == 1);
  lane->recover();
  CHECK_FALSE(lane->report().ready());
  CHECK(lane->report().tasks.at(0).redo_left == 1);
  commit(*lane);
  CHECK(lane->report().ready());
  CHECK(lane->report().done.at(events).records == 2);
  CHECK(lane->report().counts.redone == 1);
}

TEST_CASE("outputs are counted by topic when they are committed") {
  lane_fixture x;
  auto lane = x.make();
  x.view("a", 0);
  x.view("a", 1);
  commit(*lane);
  const auto r = lane->report();
  const auto silver = r.counts.outputs[static_cast<std::size_t>(output::events)];
  CHECK(silver.records == 2);
  std::uint64_t bytes = 0;
  for (const auto& value : x.records("weir.events")) bytes += value.size();
  CHECK(silver.bytes >= bytes);  // keys, too
  CHECK(r.counts.commit_time.total() == 1);
  CHECK(r.counts.seal_time.total() == 1);
  CHECK(r.counts.store_time.total() == 1);
}

TEST_CASE("what is done of a task stays told when the task is gone") {
  lane_fixture x;
  auto lane = x.make();
  x.view("a", 0);
  commit(*lane);
  const auto other = x.log.join("lane-01");  // the two share: one of them has no task
  lane->poll(0, 0);
  const auto r = lane->report();
  CHECK(r.assigned == lane->tasks().size());
  CHECK(r.done.at(events).records == 1);
}
