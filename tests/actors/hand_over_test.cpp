#include <doctest/doctest.h>

#include "tests/actors/lane_fixture.hpp"

namespace weir {

namespace {

/// One partition, owned by `lane-00`; a lane whose name comes first gets it at the next change of the group.
struct changing_group : test::lane_fixture {
  changing_group() {
    for (int minute = 0; minute < 5; ++minute)
      for (const auto* id : {"a", "b", "c"}) view(id, minute);
  }
  std::unique_ptr<lane> join(const std::string& name) {
    auto s = settings;
    s.name = name;
    return make(std::move(s));
  }
  /// The first owner, with two records that are committed and whose changes are not written down.
  std::unique_ptr<lane> owner() {
    auto first = join("lane-01");
    test::commit(*first);
    for (const auto* id : {"a", "b"}) view(id, 6);
    test::commit(*first);
    return first;
  }
};

}  // namespace

TEST_CASE(
    "a lane that is asked for its tasks writes everything down, and the next owner has nothing to redo") {
  changing_group group;
  group.log.set_graceful(true);
  auto before = group.owner();
  auto after = group.join("lane-00");
  CHECK(after->tasks().empty());  // still the other's
  group.view("a", 7);             // and it is not read any more
  for (int i = 0; i < 3; ++i) before->step(0);
  CHECK(before->counts().handed_over == 1);
  CHECK(before->tasks().empty());
  test::commit(*after);
  CHECK(after->tasks().size() == 1);
  CHECK(after->counts().redone == 0);
  CHECK(after->counts().intake.in == 1);
}

TEST_CASE("a lane that is drained writes everything down and gives its tasks to the others for good") {
  changing_group group;
  group.log.set_graceful(true);
  auto leaving = group.owner();
  auto staying = group.join("lane-02");
  leaving->drain();
  for (int i = 0; i < 4; ++i) leaving->step(0);
  CHECK(leaving->tasks().empty());
  test::commit(*staying);
  CHECK(staying->tasks().size() == 1);
  CHECK(staying->counts().redone == 0);
  auto another = group.join("lane-03");
  for (int i = 0; i < 4; ++i) staying->step(0), leaving->step(0);
  CHECK(leaving->tasks().empty());
}

TEST_CASE("a lane that loses its tasks drops them, and the next owner redoes what was not written down") {
  changing_group group;
  group.log.set_graceful(false);
  auto before = group.owner();
  auto after = group.join("lane-00");
  test::commit(*before);
  CHECK(before->tasks().empty());
  test::commit(*after);
  CHECK(after->tasks().size() == 1);
  CHECK(after->counts().redone == 2);
  CHECK(after->counts().divergences == 0);
}

}  // namespace weir
