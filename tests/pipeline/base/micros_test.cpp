#include <doctest/doctest.h>

#include <limits>

#include "pipeline/base/json_writer.hpp"
#include "pipeline/base/micros.hpp"

using namespace weir;

TEST_CASE("an amount is read as it was written, whatever its size") {
  for (const std::int64_t x : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1'500'000},
                               std::int64_t{-12'000'001}, std::numeric_limits<std::int64_t>::max(),
                               std::numeric_limits<std::int64_t>::min()}) {
    std::string text;
    json_writer(text).micros(x);
    CHECK_MESSAGE(parse_micros(text) == x, text);
  }
}

TEST_CASE("what is no decimal with up to 6 digits behind the point is none") {
  for (const auto* text : {"", "x", "1.2345678", "1.x", "1e3", "99999999999999999999", "\"1\""})
    CHECK_MESSAGE(!parse_micros(text), text);
}
