#include <doctest/doctest.h>

#include <caf/actor_system.hpp>

#include "actors/node.hpp"
#include "actors/system_config.hpp"
#include "config/referrer_lists.hpp"
#include "state/log/memory_log.hpp"
#include "state/store/memory_store.hpp"

namespace weir {

namespace {

constexpr auto topic = "topic_web_events";
constexpr std::int64_t minute = 60'000;

std::string view_at(std::int64_t time, int id) {
  return R"({"event_id":"e)" + std::to_string(id) +
         R"(","event_type":"page_view","session_id":"s","page_url":"https://a.example/","timestamp":)" +
         std::to_string(time) + "}";
}

/// A lane over two partitions of a minute's step a record: the second is two hours ahead.
struct skewed {
  settings configuration;
  rules r;
  traffic_sources sources{default_referrer_lists()};
  system_config config;
  caf::actor_system system{config};
  memory_log log{{false, false, false}};
  std::unique_ptr<lane> of;

  explicit skewed(millis max_skew) {
    configuration.time.max_skew = max_skew;
    r = make_rules(configuration);
    log.create_topic(topic, 2);
    log.create_topic("weir.partials", 1);
    log.add_input(stage::ingest, topic);
    const std::int64_t start = 1'767'225'600'000;
    for (int i = 0; i < 200; ++i)
      for (const int p : {0, 1}) {
        const auto time = start + (i + p * 120) * minute;
        log.append(topic, p, "s", view_at(time, 2 * i + p), time);
      }
    auto s = make_lane_settings(configuration, 0, 1);
    s.intake = live_intake(configuration);
    s.store = [](const task_id&) { return std::make_shared<memory_store>(); };
    of = std::make_unique<lane>(system, r, sources, std::move(s), log.join("lane-00"));
    of->recover();
  }

  std::int64_t next(std::size_t task) { return of->tasks()[task]->state.next(); }
};

}  // namespace

TEST_CASE("while catching up, a partition far ahead of the slowest waits for it") {
  skewed lane(60 * minute);
  lane.of->poll(10, 0);
  for (int i = 0; i < 5; ++i) lane.of->poll(10, 0);
  CHECK(lane.next(0) == 60);
  CHECK(lane.next(1) == 10);  // two hours ahead from its first record on
  for (int i = 0; i < 200; ++i) lane.of->poll(10, 0);
  CHECK(lane.next(0) == 200);
  CHECK(lane.next(1) == 200);  // no one is behind who has something to read
}

TEST_CASE("with time.max_skew off no partition waits") {
  skewed lane(unlimited);
  for (int i = 0; i < 6; ++i) lane.of->poll(10, 0);
  CHECK(lane.next(0) == 60);
  CHECK(lane.next(1) == 60);
}

}  // namespace weir
