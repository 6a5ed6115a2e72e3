#include "config/nearest.hpp"

#include <doctest/doctest.h>

using namespace weir::config;

TEST_CASE("the distance of two texts counts letters changed, added, left out and swapped") {
  CHECK(edit_distance("timeout", "timeout") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("abc", "") == 3);
  CHECK(edit_distance("timeout", "timout") == 1);
  CHECK(edit_distance("timeuot", "timeout") == 1);
  CHECK(edit_distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest name is the first of the least distance") {
  CHECK(nearest("intervall", {"max_bytes", "interval", "internal"}) == "interval");
  CHECK(nearest("ab", {"aa", "bb"}) == "aa");
  CHECK(nearest("x", {}) == "");
}
