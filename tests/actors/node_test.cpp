#include "actors/node.hpp"

#include <doctest/doctest.h>

#include "tests/actors/lane_fixture.hpp"

using namespace weir;

TEST_CASE("lanes that are stopped together do not recover for each other's tasks") {
  constexpr unsigned lanes = 4;
  for (int run = 0; run < 20; ++run) {
    test::lane_fixture x;
    x.log.create_topic(test::lane_fixture::topic, lanes);
    node n(x.system, x.r, x.sources);
    std::vector<std::unique_ptr<log_member>> members;
    for (unsigned i = 0; i < lanes; ++i) members.push_back(x.log.join("lane-" + std::to_string(i)));
    for (auto& m : members) n.add(x.settings, std::move(m));
    x.view("s", 0);
    n.start([&] { return x.log.version(); });
    n.stop();
    CHECK(n.counts().recoveries == lanes);
    CHECK_FALSE(n.failure());
  }
}

TEST_CASE("a lane that fails waits for the others, and stopping ends them all") {
  test::lane_fixture x;
  x.log.create_topic(test::lane_fixture::topic, 2);
  node n(x.system, x.r, x.sources);
  auto one = x.log.join("lane-0"), two = x.log.join("lane-1");
  auto failing = x.settings;
  failing.store = [](const task_id&) -> std::shared_ptr<task_store> { throw std::runtime_error("no store"); };
  n.add(x.settings, std::move(one));
  n.add(failing, std::move(two));
  n.start([&] { return x.log.version(); });
  while (!n.failure()) std::this_thread::yield();
  n.stop();
  CHECK(*n.failure() == "no store");
}
