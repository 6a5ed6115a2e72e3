#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/actors/lane_fixture.hpp"

namespace weir {

namespace {

/// A lane on which the next timer of session `a` throws; sessions `a` and `b` are open, and W has passed
/// both.
struct failing : test::lane_fixture {
  int failures = 0, fail = 1;
  explicit failing(int w_minutes = 45) {
    settings.before_handling = [this](const handling& h) {
      if (h.offset != lane_failure::no_offset || h.key != "default|a" || failures >= fail) return;
      ++failures;
      throw std::runtime_error("timer");
    };
    view("a", 0);
    view("b", 0);
    view("z", w_minutes);
  }
  /// The first commit is one of nothing, just now: no change is overdue before the interval has passed.
  std::unique_ptr<lane> begin() {
    auto lane = make();
    lane->seal(false);
    lane->land();
    return lane;
  }
  std::size_t sessions(const std::string& id) {
    std::size_t n = 0;
    for (const auto& record : records("weir.sessions"))
      n += record.find("\"session_id\":\"" + id + '"') != std::string::npos;
    return n;
  }
};

}  // namespace

TEST_CASE("a session whose timer fails becomes a dead letter, and no other is lost") {
  failing f;
  auto lane = f.begin();
  test::commit(*lane);  // fails, and begins again
  CHECK(lane->counts().failures == 1);
  test::commit(*lane);
  const auto dead = f.records("weir.dlq");
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].find("\"reason\":\"internal_error\"") != std::string::npos);
  f.log.read_all("weir.dlq", 0, [](std::string_view key, auto) { CHECK(key.ends_with("|0|-1|default|a")); });
  CHECK(f.sessions("a") == 0);
  CHECK(f.sessions("b") == 1);
  CHECK(lane->counts().failures == 1);
}

TEST_CASE("a session that is due to close and to be forgotten at once is buried once, with its value") {
  failing f(120);
  auto lane = f.begin();
  test::commit(*lane);
  test::commit(*lane);
  CHECK(lane->counts().failures == 1);
  const auto dead = f.records("weir.dlq");
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].find("\"payload\":\"\"") == std::string::npos);
}

TEST_CASE("a redo buries the same session again, and makes nothing else of it") {
  failing f;
  auto lane = f.begin();
  test::commit(*lane);
  test::commit(*lane);
  f.view("b", 50);
  test::commit(*lane);
  lane.reset();  // a crash: the new one has no store, and nothing was checkpointed but the epoch record
  lane = f.make();
  test::commit(*lane);
  CHECK(lane->counts().redone == 4);
  CHECK(lane->counts().divergences == 0);
  CHECK(f.records("weir.dlq").size() == 1);
  CHECK(f.sessions("a") == 0);
  CHECK(f.warnings.size() == 1);  // of the failure
}

TEST_CASE("a session that was buried begins anew with its next event, also in a redo") {
  failing f;
  auto lane = f.begin();
  test::commit(*lane);
  test::commit(*lane);
  f.view("a", 50);
  test::commit(*lane);
  f.view("z", 100);
  test::commit(*lane);
  CHECK(f.sessions("a") == 1);
  lane.reset();
  lane = f.make();
  test::commit(*lane);
  CHECK(lane->counts().divergences == 0);
  f.view("a", 101);
  f.view("z", 200);
  test::commit(*lane);
  CHECK(f.sessions("a") == 2);
  CHECK(f.records("weir.dlq").size() == 1);
}

}  // namespace weir
