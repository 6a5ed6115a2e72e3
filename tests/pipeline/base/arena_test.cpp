#include "pipeline/base/arena.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace weir;

TEST_CASE("an arena keeps copies of texts") {
  arena memory;
  std::string text = "a text";
  const auto kept = memory.keep(text);
  text = "other!";
  CHECK(kept == "a text");
}

TEST_CASE("an empty text needs no memory") {
  arena memory;
  CHECK(memory.keep("").empty());
  CHECK(memory.keep("").data() == nullptr);
}

TEST_CASE("texts stay where they are while an arena grows") {
  arena memory;
  std::vector<std::string_view> kept;
  for (int i = 0; i < 50'000; ++i) kept.push_back(memory.keep("text number " + std::to_string(i)));
  for (int i = 0; i < 50'000; ++i) REQUIRE(kept[i] == "text number " + std::to_string(i));
}

TEST_CASE("a text larger than a block has a block of its own") {
  arena memory;
  const auto small = memory.keep("small");
  const std::string large(3'000'000, 'x');
  const auto kept = memory.keep(large);
  const auto after = memory.keep("after");
  CHECK(kept == large);
  CHECK(small == "small");
  CHECK(after == "after");
}

TEST_CASE("an arena uses its memory again after a reset") {
  arena memory;
  const auto* first = memory.keep("before").data();
  memory.reset();
  const auto again = memory.keep("behind");
  CHECK(again.data() == first);
  CHECK(again == "behind");
}

TEST_CASE("an arena that is reset with many blocks can be filled again") {
  arena memory;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string_view> kept;
    for (int i = 0; i < 40; ++i)
      kept.push_back(memory.keep(std::string(100'000 + 10'000 * (i % 30), char('a' + i % 26))));
    for (int i = 0; i < 40; ++i) {
      REQUIRE(kept[i].size() == std::size_t(100'000 + 10'000 * (i % 30)));
      REQUIRE(kept[i].find_first_not_of(char('a' + i % 26)) == std::string_view::npos);
    }
    memory.reset();
  }
}

TEST_CASE("a large text after a reset does not overrun a small block") {
  arena memory;
  memory.keep("small");
  memory.reset();
  const std::string large(1'000'000, 'y');
  CHECK(memory.keep(large) == large);
  CHECK(memory.keep("small") == "small");
}
