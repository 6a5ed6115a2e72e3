#include <doctest/doctest.h>

#include "actors/job_shape.hpp"
#include "tests/actors/lane_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

/// A lane over a source of two partitions that is not keyed by session.
struct rekey_fixture : lane_fixture {
  static constexpr auto clicks = "clicks";
  source_rules source;
  std::map<task_id, std::shared_ptr<memory_store>> disks;
  int sent = 0;

  rekey_fixture() {
    source.topic = clicks;
    source.keyed_by_session = false;
    log.create_topic(clicks, 2);
    log.create_topic("weir.rekeyed", 1);
    log.add_input(stage::ingest, clicks);
    log.add_input(stage::ingest, "weir.rekeyed");
    settings.sources.clear();
    name_tasks({{source, 2}}, settings);
    settings.rekeyed_partitions = 1;
    settings.intake = [this](const task_id& id) {
      return intake_options{id.topic, id.partition, source, false, true, {}, {}, {}};
    };
    settings.store = [this](const task_id& id) {
      auto& disk = disks[id];
      if (!disk) disk = std::make_shared<memory_store>();
      return disk;
    };
  }

  void click(std::int32_t partition, const std::string& session, std::int64_t at) {
    const auto time = start + at * minute;
    wall = std::max(wall, time);
    log.append(clicks, partition, "",
               R"({"event_id":"c)" + std::to_string(sent++) + R"(","event_type":"page_view","session_id":")" +
                   session + R"(","page_url":"https://a.example/","timestamp":)" + std::to_string(time) + "}",
               wall);
  }
  bool said(const std::string& record, const std::string& what) const {
    return record.find(what) != std::string::npos;
  }
  std::string last_session() { return records("weir.sessions").back(); }
};

/// Reads until nothing comes, with the commits that bring it from stage to stage.
void settle(lane& l) {
  for (int i = 0; i < 4; ++i) commit(l);
}

}  // namespace

TEST_CASE_FIXTURE(rekey_fixture, "a session whose records stand in two partitions is one") {
  auto l = make();
  for (int i = 0; i < 6; ++i) click(i % 2, "s", i);
  click(0, "other", 60);
  click(1, "other", 60);
  settle(*l);
  std::vector<std::string> of_s;
  for (const auto& r : records("weir.sessions"))
    if (said(r, R"("session_id":"s")")) of_s.push_back(r);
  REQUIRE(of_s.size() == 1);
  CHECK(said(of_s[0], R"("page_views":6)"));
  CHECK(said(of_s[0], R"("source_topic":"clicks")"));
}

TEST_CASE_FIXTURE(rekey_fixture,
                  "W is that of the slowest partition: what is late for one alone is not late") {
  auto l = make();
  click(0, "fast", 300);
  click(1, "slow", 1);
  settle(*l);
  click(1, "slow", 2);  // hours behind the other partition, in order in its own
  settle(*l);
  CHECK(l->counts().intake.too_late == 0);
  CHECK(l->counts().intake.late == 0);
  CHECK(l->counts().intake.valid == 3);
}

TEST_CASE_FIXTURE(rekey_fixture, "a partition without events holds no one back") {
  auto l = make();
  click(0, "s", 0);
  click(0, "t", 90);
  settle(*l);
  wall += 2 * minute;  // the empty one's closing clock goes with the wall's
  settle(*l);
  settle(*l);
  CHECK(records("weir.sessions").size() == 1);
}

TEST_CASE_FIXTURE(rekey_fixture,
                  "events that are old when a job begins are not late: its clocks have waited for them") {
  auto l = make();
  settle(*l);
  wall += 300 * minute;
  settle(*l);
  const auto now = wall;
  click(0, "s", 0);
  click(1, "s", 1);
  settle(*l);
  CHECK(wall == now);
  CHECK(l->counts().intake.too_late == 0);
  CHECK(l->counts().intake.late == 0);
}

TEST_CASE_FIXTURE(rekey_fixture, "after a crash everything is redone, and nothing is told twice") {
  {
    auto l = make();
    for (int i = 0; i < 6; ++i) click(i % 2, "s", i);
    settle(*l);
    l->drop();
  }
  auto l = make();
  for (int i = 6; i < 9; ++i) click(i % 2, "s", i);
  click(0, "other", 60);
  click(1, "other", 60);
  settle(*l);
  CHECK(l->counts().redone > 0);
  CHECK(l->counts().divergences == 0);
  CHECK(warnings.empty());
  std::vector<std::string> of_s;
  for (const auto& r : records("weir.sessions"))
    if (said(r, R"("session_id":"s")")) of_s.push_back(r);
  REQUIRE(of_s.size() == 1);
  CHECK(said(of_s[0], R"("page_views":9)"));
}

TEST_CASE_FIXTURE(rekey_fixture, "what is invalid becomes a dead letter of its place in the source, once") {
  auto l = make();
  log.append(clicks, 1, "", "no json", start);
  click(0, "s", 0);
  settle(*l);
  REQUIRE(records("weir.dlq").size() == 1);
  CHECK(said(records("weir.dlq")[0], R"("source":{"topic":"clicks","partition":1,"offset":0)"));
  CHECK(l->counts().intake.in == 2);
}

TEST_CASE_FIXTURE(lane_fixture,
                  "a source that claims to be keyed by session and is not is counted and warned of once") {
  auto l = make();
  view("s", 0);
  commit(*l);
  CHECK(warnings.empty());
  for (const auto* id : {"x", "y"})
    log.append(topic, 0, "someone else",
               R"({"event_id":")" + std::string(id) + R"(","event_type":"page_view","session_id":"s",)" +
                   R"("page_url":"https://a.example/","timestamp":)" + std::to_string(start) + "}",
               start);
  commit(*l);
  CHECK(l->counts().intake.other_key == 2);
  commit(*l);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("keyed_by_session: false") != std::string::npos);
}

TEST_CASE_FIXTURE(rekey_fixture, "a visitor whose id looks like a clock's key is a visitor") {
  auto l = make();
  const auto time = start;
  log.append(
      clicks, 0, "",
      R"({"event_id":"v","event_type":"page_view","visitor_id":"clock|x","page_url":"https://a.example/",)"
      R"("timestamp":)" +
          std::to_string(time) + "}",
      wall);
  click(0, "s", 120);
  click(1, "t", 120);
  settle(*l);
  CHECK(l->counts().failures == 0);
  REQUIRE(records("weir.sessions").size() > 0);
  CHECK(records("weir.dlq").empty());
}

TEST_CASE_FIXTURE(rekey_fixture,
                  "a source that was keyed by session before is refused while it has sessions") {
  source.keyed_by_session = true;
  auto l = make();
  click(0, "s", 0);
  settle(*l);
  l->seal(true);
  l->land();
  l.reset();
  source.keyed_by_session = false;
  CHECK_THROWS_AS(make(), task_state::refused);
}
