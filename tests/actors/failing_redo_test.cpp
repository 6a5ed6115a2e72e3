#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/actors/lane_fixture.hpp"

namespace weir {

TEST_CASE("a task whose redo fails again and again is refused, however often other tasks commit meanwhile") {
  test::lane_fixture f;
  memory_log log{{true, false, false}};
  log.create_topic(f.topic, 2);
  for (const auto* name : {"weir.dlq", "weir.sessions", "weir.events", "weir.partials"})
    log.create_topic(name, 1);
  log.add_input(stage::ingest, f.topic);
  int id = 0;
  const auto view = [&](int partition) {
    log.append(f.topic, partition, "s",
               R"({"event_id":"e)" + std::to_string(++id) +
                   R"(","event_type":"page_view","session_id":"s","page_url":"https://a.example/",)" +
                   R"("timestamp":)" + std::to_string(f.start) + "}",
               f.start);
  };
  bool broken = false;
  f.settings.before_handling = [&](const handling& h) {
    if (broken && h.task.partition == 0 && h.offset == 2) throw std::runtime_error("no");
  };
  const auto make = [&] {
    auto made = std::make_unique<lane>(f.system, f.r, f.sources, f.settings, log.join("lane-00"));
    made->recover();
    made->seal(false);  // of nothing: no change is overdue before the interval has passed
    made->land();
    return made;
  };
  auto lane = make();
  for (int i = 0; i < 4; ++i) view(0);
  test::commit(*lane);
  lane.reset();
  broken = true;
  lane = make();
  const auto go_on = [&] {
    for (int i = 0; i < 100; ++i) {
      view(1);
      lane->poll(1, 0);
      lane->seal(false);
      lane->land();
    }
  };
  CHECK_THROWS_AS(go_on(), task_state::refused);
}

}  // namespace weir
