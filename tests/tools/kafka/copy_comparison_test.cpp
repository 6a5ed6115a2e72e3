#include "tools/kafka/copy_comparison.hpp"

#include <doctest/doctest.h>

using namespace weir;
using kind = copy_comparison::difference::kind;

TEST_CASE("a copy equals its changelog when each key has its last value below the position") {
  copy_comparison c(10);
  c.add_change("a", 1, "1");
  c.add_change("a", 2, "2");
  c.add_change("gone", 3, "1");
  c.add_change("gone", 4, std::nullopt);
  c.add_copied("a", "2");
  CHECK(c.differences().empty());
  CHECK(c.equal() == 1);
  CHECK(c.ahead() == 0);
}

TEST_CASE("what a copy lacks, has too much and has otherwise is named, in order of keys") {
  copy_comparison c(10);
  c.add_change("other", 1, "1");
  c.add_change("missing", 2, "1");
  c.add_change("gone", 3, std::nullopt);
  c.add_copied("other", "2");
  c.add_copied("gone", "1");
  c.add_copied("extra", "1");
  const auto found = c.differences();
  REQUIRE(found.size() == 4);
  CHECK((found[0].key == "extra" && found[0].what == kind::extra));
  CHECK((found[1].key == "gone" && found[1].what == kind::extra));
  CHECK((found[2].key == "missing" && found[2].what == kind::missing));
  CHECK((found[3].key == "other" && found[3].what == kind::other_value));
}

TEST_CASE("a copy may be ahead of its position, but not behind it") {
  copy_comparison c(10);
  for (const auto* key : {"newer", "ended", "behind"}) c.add_change(key, 1, "1");
  c.add_change("newer", 11, "2");
  c.add_change("ended", 12, std::nullopt);
  c.add_change("behind", 2, "2");
  c.add_change("new", 13, "1");
  c.add_copied("newer", "2");
  c.add_copied("behind", "1");
  c.add_copied("new", "1");
  const auto found = c.differences();
  REQUIRE(found.size() == 1);
  CHECK(found[0].key == "behind");
  CHECK(c.ahead() == 2);
}

TEST_CASE("a value that compaction has removed from before the position is no difference") {
  copy_comparison c(10);
  c.add_change("a", 11, "2");
  c.add_copied("a", "1");
  CHECK(c.differences().empty());
}
