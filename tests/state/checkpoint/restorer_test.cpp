#include "state/checkpoint/restorer.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>

#include "state/store/memory_store.hpp"

namespace weir {

namespace {

const task_id web{stage::ingest, "web", 0}, other{stage::ingest, "web", 1};

/// Changelogs of ten records, and what they answer instead.
struct changelogs {
  std::function<void()> before = [] {};
  std::vector<std::int64_t> asked;

  changelog_reader reader() {
    return [this](const task_id&, std::int64_t from, const auto& apply) -> std::int64_t {
      asked.push_back(from);
      before();
      for (auto i = from; i < 10; ++i) apply({std::to_string(i), "x"}, 100 + i);
      return 10;
    };
  }
};

/// Work waits until the test does it.
struct by_hand {
  changelogs log;
  std::vector<std::function<void()>> work;
  restorer restores{[this](auto w) { return work.push_back(std::move(w)), std::jthread(); },
                    [] { return 5'000; }};
  std::shared_ptr<memory_store> store = std::make_shared<memory_store>();

  by_hand() { restores.begin(web, store, log.reader()); }
  void do_it() {
    for (auto& w : std::exchange(work, {})) w();
  }
};

}  // namespace

TEST_CASE("a restore goes on from the copy's position, and the copy is whole as of its beginning") {
  by_hand x;
  x.store->set_position(4, 1);
  CHECK(x.restores.has(web));
  CHECK_FALSE(x.restores.any_done());
  x.do_it();
  CHECK(x.restores.any_done());
  CHECK(x.log.asked == std::vector<std::int64_t>{4});
  CHECK(x.store->position() == 10);
  CHECK(x.store->time() == 5'000);
  CHECK(x.store->get("9") == "x");
  CHECK_FALSE(x.store->get("3"));
  CHECK(x.restores.records() == 6);
  x.restores.let_go_done();
  CHECK(x.restores.empty());
  CHECK(x.restores.records() == 6);
}

TEST_CASE("a restore of a copy that does not continue in its changelog makes it anew") {
  by_hand x;
  x.store->apply({{"gone", "x"}});
  x.store->set_position(4, 1);
  x.log.before = [&] {
    if (x.log.asked.back() > 0) throw stale_copy("cut off");
  };
  x.do_it();
  CHECK(x.restores.any_done());
  CHECK(x.log.asked == std::vector<std::int64_t>{4, 0});
  CHECK_FALSE(x.store->get("gone"));
  CHECK(x.store->get("0") == "x");
  CHECK(x.restores.take_warnings().size() == 1);
}

TEST_CASE("a restore waits for a log that cannot be reached") {
  by_hand x;
  x.log.before = [&] {
    if (x.log.asked.size() == 1) throw log_unavailable("away");
  };
  x.do_it();
  CHECK(x.restores.any_done());
  CHECK(x.store->position() == 10);
  CHECK(x.restores.take_warnings() == std::vector<std::string>{"web/0: cannot restore yet: away"});
  CHECK(x.restores.take_warnings().empty());
}

TEST_CASE("a restore whose store another lane has opened ends, for its lane to look again") {
  by_hand x;
  x.log.before = [] { throw store_taken("by another"); };
  x.do_it();
  CHECK(x.restores.any_done());
  CHECK(x.store->position() == 0);
}

TEST_CASE("restores are made one after the other") {
  by_hand x;
  x.restores.begin(other, std::make_shared<memory_store>(), x.log.reader());
  CHECK(x.work.size() == 1);
  x.do_it();
  CHECK(x.work.empty());
  CHECK(x.restores.any_done());
  CHECK(x.work.size() == 1);
  x.restores.let_go_done();
  CHECK_FALSE(x.restores.any_done());
  x.do_it();
  CHECK(x.restores.any_done());
}

TEST_CASE("what ends a restore ends the lane that waits for it") {
  by_hand x;
  x.log.before = [] { throw std::runtime_error("records are gone"); };
  x.do_it();
  CHECK_THROWS_WITH(static_cast<void>(x.restores.any_done()), "records are gone");
}

TEST_CASE("a restore that is given up leaves its store alone, also one that has not begun") {
  by_hand x;
  x.restores.keep_only({other});
  CHECK(x.restores.empty());
  CHECK(x.store.use_count() == 1);
  x.do_it();
  CHECK(x.log.asked.empty());
  CHECK_FALSE(x.restores.any_done());
}

TEST_CASE("a restore under way ends in its thread before it is given up") {
  changelogs log;
  std::atomic<bool> begun = false;
  const auto store = std::make_shared<memory_store>();
  restorer restores([](auto work) { return std::jthread(std::move(work)); }, [] { return 0; });
  restores.begin(web, store, [&](const task_id&, std::int64_t, const auto& apply) -> std::int64_t {
    for (int i = 0;; ++i, begun = true) apply({std::to_string(i % 10), "x"}, 0);
  });
  while (!begun) std::this_thread::yield();
  restores.keep_only({});
  CHECK(store.use_count() == 1);
  CHECK(store->position() == 0);
}

}  // namespace weir
