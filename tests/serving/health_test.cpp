#include "serving/health.hpp"

#include <doctest/doctest.h>

#include "tests/serving/view_fixture.hpp"

using namespace weir;

namespace {

health_check check_of(const node_view& seen, const std::string& name) {
  for (const auto& c : assess(seen).checks)
    if (c.name == name) return c;
  return {};
}

}  // namespace

TEST_CASE("a node whose lanes run and commit is well, also a lane without tasks") {
  const auto h = assess(test::well());
  CHECK(h.live);
  CHECK(h.ready);
  CHECK(h.ok());
}

TEST_CASE("a node is not ready while a lane starts, recovers, waits, restores or redoes") {
  auto seen = test::well();
  auto& lane = seen.lanes[0];
  for (const auto state :
       {lane_state::starting, lane_state::recovering, lane_state::waiting, lane_state::ended}) {
    lane.state = state;
    CHECK_FALSE(assess(seen).ready);
    CHECK_FALSE(check_of(seen, "lanes").ok);
  }
  lane.state = lane_state::running;
  lane.assigned = 2;
  CHECK_FALSE(assess(seen).ready);
  CHECK(check_of(seen, "restore").detail == "1 of 2 tasks restored, 0 records to be read again");
  lane.assigned = 1;
  lane.tasks[0].redo_left = 7;
  CHECK_FALSE(assess(seen).ready);
  CHECK_FALSE(check_of(seen, "restore").ok);
  lane.tasks[0].redo_left = 0;
  CHECK(assess(seen).ready);
}

TEST_CASE("a node without lanes is not ready") {
  auto seen = test::well();
  seen.lanes.clear();
  CHECK_FALSE(assess(seen).ready);
}

TEST_CASE("a lane that ended by itself makes the node dead, with its reason") {
  auto seen = test::well();
  seen.failure = "the input is trimmed";
  CHECK_FALSE(assess(seen).live);
  CHECK_FALSE(assess(seen).ready);
  CHECK(check_of(seen, "lanes").detail == "the input is trimmed");
}

TEST_CASE("the broker is well when one answers and no commit waits too long") {
  auto seen = test::well();
  CHECK(check_of(seen, "broker").detail == "the last commit was 0.2 s ago");
  seen.lanes[1].in_flight_since = seen.now - longest_commit_ms;
  CHECK(check_of(seen, "broker").ok);
  seen.lanes[1].in_flight_since -= 1;
  CHECK_FALSE(check_of(seen, "broker").ok);
  CHECK(assess(seen).ready);  // what it has it serves
  seen.lanes[1].in_flight_since = 0;
  seen.broker_trouble = "cannot reach a broker";
  CHECK_FALSE(check_of(seen, "broker").ok);
  CHECK(check_of(seen, "broker").detail == "cannot reach a broker");
}

TEST_CASE("a lane that has nothing to commit is well, however long ago it was") {
  auto seen = test::well();
  seen.lanes[0].last_commit = seen.lanes[1].last_commit = 0;
  CHECK(check_of(seen, "broker").ok);
  seen.lanes[0].last_commit = seen.now - 7'200'000;
  CHECK(check_of(seen, "broker").ok);
}

TEST_CASE("a disk that is nearly full is not well") {
  auto seen = test::well();
  seen.disk_free = least_disk_free - 1;
  CHECK_FALSE(check_of(seen, "disk").ok);
  CHECK_FALSE(assess(seen).ok());
}

TEST_CASE("health as JSON names each check and each lane") {
  auto seen = test::well();
  seen.lanes[1].state = lane_state::waiting;
  seen.lanes[1].waiting_for = "the \"broker\"";
  seen.lanes[1].last_commit = 0;
  CHECK(
      to_json(assess(seen), seen) ==
      R"({"status":"failing","live":true,"ready":false,"checks":{)"
      R"("lanes":{"ok":false,"detail":"lane-01 is waiting: the \"broker\""},)"
      R"("broker":{"ok":true,"detail":"the last commit was 0.2 s ago"},)"
      R"("restore":{"ok":true,"detail":"1 of 1 tasks restored, 0 records to be read again"},)"
      R"("disk":{"ok":true,"detail":"10240 MiB free, 256 MiB are needed"}},"lanes":[)"
      R"({"lane":"lane-00","state":"running","tasks":1,"restored":1,"redo_records_left":0,"last_commit_age_seconds":0.2},)"
      R"({"lane":"lane-01","state":"waiting","tasks":0,"restored":0,"redo_records_left":0,"last_commit_age_seconds":null}]})"
      "\n");
}
