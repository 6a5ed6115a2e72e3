#include "tools/kafka/record_filter.hpp"

#include <doctest/doctest.h>

#include "tools/usage_error.hpp"

using namespace weir;

TEST_CASE("a filter goes by the beginning of the key") {
  record_filter f({"shop|", "", {}});
  CHECK(f.wants("shop|u1", "no JSON"));
  CHECK_FALSE(f.wants("shops|u1", "{}"));
}

TEST_CASE("a filter goes by the site under either name") {
  record_filter f({"", "shop", {}});
  CHECK(f.wants("", R"({"site_id":"shop"})"));
  CHECK(f.wants("", R"({"site":"shop","deltas":[]})"));
  CHECK_FALSE(f.wants("", R"({"site_id":"other"})"));
  CHECK_FALSE(f.wants("", R"({})"));
  CHECK_FALSE(f.wants("", "shop"));
}

TEST_CASE("all conditions on fields must hold, whatever the fields' types") {
  const auto wants = [](std::vector<std::string> where, std::string_view value) {
    return record_filter({"", "", std::move(where)}).wants("", value);
  };
  const std::string_view value =
      R"({"a":"x=y","n":1.50,"big":18446744073709551615,"on":true,"none":null,"in":{"b":{"c":-3}},"list":[1]})";
  CHECK(wants({"a=x=y"}, value));
  CHECK(wants({"n=1.5", "on=true", "none=null", "big=18446744073709551615"}, value));
  CHECK(wants({"in.b.c=-3"}, value));
  CHECK_FALSE(wants({"n=1.5", "on=false"}, value));
  CHECK_FALSE(wants({"in.b=3"}, value));
  CHECK_FALSE(wants({"list=1"}, value));
  CHECK_FALSE(wants({"missing="}, value));
}

TEST_CASE("a condition without a field or a value is refused") {
  CHECK_THROWS_AS(record_filter({"", "", {"reason"}}), usage_error);
  CHECK_THROWS_AS(record_filter({"", "", {"=x"}}), usage_error);
}
