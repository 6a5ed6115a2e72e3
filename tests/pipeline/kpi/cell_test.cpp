#include "pipeline/kpi/cell.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/pipeline/kpi/random_cells.hpp"

using namespace weir;
using namespace weir::kpi_test;

namespace {

cell sum_of(const std::vector<cell>& cells) {
  cell total;
  for (const auto& c : cells) total.merge(c);
  return total;
}

std::string bytes_of(const cell& c) {
  std::string bytes;
  byte_writer out(bytes);
  c.encode(out);
  return bytes;
}

cell decoded(std::string_view bytes) {
  byte_reader in(bytes);
  auto c = cell::decode(in);
  in.finish();
  return c;
}

}  // namespace

TEST_CASE("cells merge in any order and grouping") {
  CHECK(rc::check([] {
    std::vector<cell> cells;
    for (const auto seed : *rc::gen::container<std::vector<unsigned>>(4, rc::gen::arbitrary<unsigned>()))
      cells.push_back(random_cell(seed));
    auto left = cells[0];
    left.merge(cells[1]);
    auto right = cells[2];
    right.merge(cells[3]);
    right.merge(left);
    RC_ASSERT(bytes_of(sum_of(cells)) == bytes_of(right));
  }));
}

TEST_CASE("a cell comes back from its bytes as it was") {
  CHECK(rc::check([](unsigned seed) {
    const auto c = random_cell(seed);
    RC_ASSERT(bytes_of(decoded(bytes_of(c))) == bytes_of(c));
    RC_ASSERT(decoded(bytes_of(c)).zero() == c.zero());
  }));
}

TEST_CASE("the documented bytes of a cell are what is written") {
  cell c;
  c.sums = {3, 0, -1, 0};
  c.uniques.resize(1);
  CHECK(bytes_of(c) == std::string("\x03\x06\x00\x01\x00\x00\x00", 7));
  CHECK(decoded(bytes_of(c)).sum(2) == -1);
  CHECK(decoded(bytes_of(c)).sum(200) == 0);
}

TEST_CASE("a cell is zero when all came to nothing") {
  cell c;
  CHECK(c.zero());
  c.sums = {0, 2};
  c.samples.resize(2);
  c.samples[1].add(5);
  c.tops.resize(1);
  c.tops[0].add("x", 2);
  CHECK(!c.zero());
  c.sums[1] = 0;
  c.samples[1].add(5, -1);
  CHECK(!c.zero());
  c.tops[0].add("x", -2);
  CHECK(c.zero());
}

TEST_CASE("sums that leave the range come back into it") {
  cell a, b;
  a.sums = {std::numeric_limits<std::int64_t>::max()};
  b.sums = {1};
  a.merge(b);
  b.sums = {-1};
  a.merge(b);
  CHECK(a.sum(0) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("garbage is no cell") {
  CHECK(rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    auto bytes = bytes_of(random_cell(seed));
    for (unsigned i = 0; i < 3; ++i) bytes[random() % bytes.size()] = static_cast<char>(random());
    bytes.resize(random() % (bytes.size() + 1));
    try {
      decoded(bytes);
    } catch (const decode_error&) {
    }
  }));
  CHECK_THROWS_AS(decoded(""), decode_error);
  CHECK_THROWS_AS(decoded("\xff\xff\xff\xff\xff\xff"), decode_error);
}
