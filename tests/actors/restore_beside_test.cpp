#include <doctest/doctest.h>

#include "tests/actors/lane_fixture.hpp"

namespace weir {

namespace {

const task_id first_of_two{stage::ingest, "two", 0};

/// Two partitions of events with sessions, committed and written down; the copy of the first is lost.
struct two_partitions : test::lane_fixture {
  std::vector<std::function<void()>> restores;  // that no one has done yet
  std::map<task_id, std::shared_ptr<task_store>> disk;

  two_partitions() {
    log.create_topic("two", 2);
    log.add_input(stage::ingest, "two");
    settings.sources = {"two/0", "two/1"};
    settings.restore_at_once = 3;
    settings.checkpoints.interval = 0;
    settings.start_restore = [this](auto work) {
      return restores.push_back(std::move(work)), std::jthread();
    };
    settings.store = [this](const task_id& id) -> std::shared_ptr<task_store> {
      auto& store = disk[id];
      if (!store) store = std::make_shared<memory_store>();
      return store;
    };
    auto s = settings;
    s.restore_at_once = unlimited;
    auto first = make(s);
    for (int i = 0; i < 8; ++i) send(0, i), send(1, i);
    test::commit(*first);
    first.reset();
    disk.erase(first_of_two);
  }

  void send(std::int32_t partition, int minute) {
    view("two", partition, "s" + std::to_string(partition) + std::to_string(minute % 4), minute);
  }
  void do_restores() {
    for (auto& work : std::exchange(restores, {})) work();
  }
  static void go_round(lane& l) {
    for (int i = 0; i < 6; ++i) l.step(0);
  }
  static std::size_t events_of(lane& l, std::int32_t partition) {
    for (const auto& [task, done] : l.report().done)
      if (task == task_id{stage::ingest, "two", partition}) return done.records;
    return 0;
  }
};

}  // namespace

TEST_CASE("a task whose copy is far behind is restored beside its lane, which runs the others meanwhile") {
  two_partitions x;
  auto l = x.make();
  CHECK(x.restores.size() == 1);
  CHECK(l->tasks().size() == 2);  // that of the other topic, and the one whose copy is there
  CHECK_FALSE(l->report().ready());
  CHECK(l->report().assigned == 3);
  x.send(0, 9), x.send(1, 9);
  x.go_round(*l);
  test::commit(*l);
  CHECK(x.events_of(*l, 1) == 1);
  CHECK(x.events_of(*l, 0) == 0);
  CHECK_FALSE(l->idle());
  x.do_restores();
  x.go_round(*l);
  CHECK(l->tasks().size() == 3);
  test::commit(*l);
  CHECK(l->report().ready());
  CHECK(x.events_of(*l, 0) == 1);
  CHECK(x.events_of(*l, 1) == 1);
  CHECK(l->counts().divergences == 0);
  CHECK(l->counts().redone == 0);
}

TEST_CASE("a restore goes on through a recovery of its lane, and ends when its task is given to another") {
  two_partitions x;
  x.log.set_graceful(true);
  auto l = x.make();
  l->recover();
  CHECK(x.restores.size() == 1);
  CHECK(l->tasks().size() == 2);
  l->drain();
  auto s = x.settings;
  s.name = "lane-01";
  auto other = x.make(std::move(s));
  x.go_round(*l);
  CHECK(l->report().assigned == 0);
  x.go_round(*other);
  CHECK(x.restores.size() == 2);
  x.do_restores();  // the first has been given up
  x.go_round(*other);
  CHECK(other->tasks().size() == 3);
}

TEST_CASE(
    "a task that is refused with what its changelog has is refused after a restore beside the lane, too") {
  two_partitions x;
  x.log.lose_changes(first_of_two, 1);
  auto l = x.make();
  const auto go_on = [&] {
    for (int i = 0; i < 20; ++i) x.do_restores(), l->step(0);
  };
  CHECK_THROWS_AS(go_on(), task_state::refused);
}

TEST_CASE("a restore that cannot go on ends its lane") {
  two_partitions x;
  struct broken : memory_store {
    void apply(const std::vector<state_change>&) override { throw std::runtime_error("no space"); }
  };
  x.disk[first_of_two] = std::make_shared<broken>();
  auto l = x.make();
  x.do_restores();
  CHECK_THROWS_WITH(x.go_round(*l), "no space");
}

}  // namespace weir
