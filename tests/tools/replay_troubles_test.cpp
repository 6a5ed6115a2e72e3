#include <doctest/doctest.h>

#include "tools/replay.hpp"

using namespace weir;

TEST_CASE("a run in which all went well tells of no troubles") {
  lane_counts done;
  done.commits = 100;
  done.recoveries = 4;  // the lanes' starts
  CHECK(replay_troubles(done, 4).empty());
}

TEST_CASE("failed handlers, recoveries and redos that diverged are told") {
  lane_counts done;
  done.failures = 2;
  done.recoveries = 7;
  done.redone = 1234;
  done.divergences = 1;
  const auto told = replay_troubles(done, 4);
  REQUIRE(told.size() == 3);
  CHECK(told[0].starts_with("2 times a handler failed"));
  CHECK(told[1].starts_with("the lanes began again 3 times and read 1234 records twice"));
  CHECK(told[2].starts_with("1 time records that were read again did not make"));
}
