#include "tools/config_command.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "tests/config/files.hpp"

using namespace weir;

TEST_CASE("a configuration that can be used is status 0") {
  std::ostringstream out, errors;
  CHECK(config_check({}, out, errors) == 0);
  CHECK(errors.str().empty());
}

TEST_CASE("one that cannot is status 2, and says why on the other stream") {
  std::ostringstream out, errors;
  CHECK(config_check({{}, {}, {"kpi.shard=3"}}, out, errors) == 2);
  CHECK(out.str().empty());
  CHECK(errors.str() == "--set kpi.shard: there is no such setting; did you mean kpi.shards?\n");
}

TEST_CASE("the configuration is printed as it holds") {
  std::ostringstream out, errors;
  CHECK(config_print({{}, {}, {"kpi.shards=3"}}, false, out, errors) == 0);
  CHECK(out.str().find("  shards: 3\n") != std::string::npos);
}
