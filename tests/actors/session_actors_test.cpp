#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "tests/actors/lane_fixture.hpp"

namespace weir {

namespace {

/// What the sessions of a lane handled.
struct seen {
  std::string key;
  std::int64_t offset;
  caf::actor_id actor;
  std::thread::id thread;
};

struct watched : test::lane_fixture {
  std::vector<seen> all;
  watched() {
    settings.before_handling = [this](const handling& h) {
      all.push_back({std::string(h.key), h.offset, h.actor, std::this_thread::get_id()});
    };
    for (int i = 0; i < 4; ++i)
      for (const auto* session : {"a", "b", "c"}) view(session, i);
  }
  std::set<caf::actor_id> actors_of(const std::string& key) const {
    std::set<caf::actor_id> actors;
    for (const auto& s : all)
      if (s.key == key) actors.insert(s.actor);
    return actors;
  }
};

}  // namespace

TEST_CASE("each event is handled by the one live actor of its session, on the lane's thread") {
  watched w;
  const auto others = lane_actor::alive();
  std::thread::id home;
  std::thread([&] {
    home = std::this_thread::get_id();
    auto lane = w.make();
    const auto before = lane_actor::alive();
    lane->poll(5, 0);
    CHECK(lane->live_sessions() == 3);
    CHECK(lane_actor::alive() == before + 3);
    test::commit(*lane);
    CHECK(lane->live_sessions() == 3);
    CHECK(lane_actor::alive() == before + 3);
    lane->drop();
    CHECK(lane->live_sessions() == 0);
  }).join();
  CHECK(lane_actor::alive() == others);
  REQUIRE(w.all.size() == 12);
  std::set<caf::actor_id> actors;
  std::vector<bool> handled(12);
  for (const auto& s : w.all) {
    CHECK(s.thread == home);
    CHECK(s.key == std::string("default|") + "abc"[s.offset % 3]);
    handled[static_cast<std::size_t>(s.offset)] = true;
    actors.insert(s.actor);
  }
  CHECK(std::count(handled.begin(), handled.end(), true) == 12);
  CHECK(actors.size() == 3);
  for (const auto* key : {"default|a", "default|b", "default|c"}) CHECK(w.actors_of(key).size() == 1);
}

TEST_CASE("beyond actors.max_live cold sessions have no actor, and get one again with their next event") {
  watched w;
  w.settings.max_live = 1;
  auto lane = w.make();
  for (int i = 0; i < 12; ++i) {
    lane->poll(1, 0);
    CHECK(lane->live_sessions() == 1);
  }
  CHECK(w.all.size() == 12);
  CHECK(w.actors_of("default|a").size() == 4);
  w.view("z", 100);  // moves W past all
  test::commit(*lane);
  const auto sessions = w.records("weir.sessions");
  REQUIRE(sessions.size() == 3);
  for (const auto& record : sessions) CHECK(record.find("\"events\":4,") != std::string::npos);
}

namespace {

/// Remembers where it ran.
class place_actor : public lane_actor {
 public:
  place_actor(caf::actor_config& config, std::vector<std::thread::id>& ran) : lane_actor(config), ran_(ran) {}

 protected:
  caf::behavior make_behavior() override {
    return {
        [this](const flush_mail&) { ran_.push_back(std::this_thread::get_id()); },
        [this](const end_mail&) { quit(); },
    };
  }

 private:
  std::vector<std::thread::id>& ran_;
};

}  // namespace

TEST_CASE("mail from another thread waits for the lane's quiet point and runs on the lane's thread") {
  const rules r;
  const traffic_sources sources{referrer_lists{}};
  system_config config;
  caf::actor_system system{config};
  lane_context lane{system, r, sources, no_enrichment()};
  std::vector<std::thread::id> ran;
  caf::strong_actor_ptr keep;
  auto* actor = lane.spawn<place_actor>(keep, ran);
  std::thread([&] {
    for (int i = 0; i < 3; ++i)
      actor->enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, flush_mail{}), nullptr);
  }).join();
  CHECK(ran.empty());
  lane.unit.run_until_idle();
  CHECK(ran == std::vector<std::thread::id>(3, std::this_thread::get_id()));
  lane.send(*actor, end_mail{});
  lane.unit.run_until_idle();
}

}  // namespace weir
