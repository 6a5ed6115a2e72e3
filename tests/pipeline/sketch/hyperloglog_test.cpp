#include "pipeline/sketch/hyperloglog.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <vector>

#include "pipeline/base/hash.hpp"
#include "tests/pipeline/sketch/garbage.hpp"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::size_t memory_limit = 17 * 1024;

std::uint64_t hash_of_id(std::uint64_t id) { return hash64({reinterpret_cast<const char*>(&id), sizeof id}); }

hyperloglog sketch_of(const std::vector<std::uint64_t>& hashes) {
  hyperloglog sketch;
  for (const auto hash : hashes) sketch.add(hash);
  return sketch;
}

hyperloglog sketch_of_ids(std::uint64_t first, std::uint64_t count) {
  hyperloglog sketch;
  for (auto id = first; id < first + count; ++id) sketch.add(hash_of_id(id));
  return sketch;
}

/// Hashes of a run of ids, so that runs overlap; sizes on all sides of the changes of form.
std::vector<std::uint64_t> some_hashes() {
  const auto first = *rc::gen::inRange<std::uint64_t>(0, 1000);
  const auto count =
      *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, 20), rc::gen::inRange<std::uint64_t>(0, 1600));
  std::vector<std::uint64_t> hashes;
  for (auto id = first; id < first + count; ++id) hashes.push_back(hash_of_id(id));
  return hashes;
}

struct error_statistics {
  double bias = 0, deviation = 0;
};

error_statistics errors_of(std::uint64_t distinct, int sets) {
  std::mt19937_64 random(distinct);
  double sum = 0, squares = 0;
  for (int set = 0; set < sets; ++set) {
    hyperloglog sketch;
    for (std::uint64_t i = 0; i < distinct; ++i) sketch.add(random());
    const double error = double(sketch.estimate()) / double(distinct) - 1;
    sum += error;
    squares += error * error;
  }
  return {sum / sets, std::sqrt(squares / sets)};
}

}  // namespace

TEST_CASE("an empty sketch counts nothing") {
  const hyperloglog sketch;
  CHECK(sketch.empty());
  CHECK(sketch.exact());
  CHECK(sketch.estimate() == 0);
  CHECK(decoded<hyperloglog>(encoded(sketch)) == sketch);
}

TEST_CASE("a small sketch needs no memory of its own") {
  hyperloglog sketch;
  sketch.add(7);
  sketch.add(8);
  CHECK(sketch.memory() == sizeof(hyperloglog));
  CHECK(sizeof(hyperloglog) <= 32);
}

TEST_CASE("a sketch is exact below 1,024 and dense from there on") {
  auto sketch = sketch_of_ids(0, 1023);
  CHECK(sketch.exact());
  CHECK(sketch.estimate() == 1023);
  for (int again = 0; again < 3; ++again) sketch.merge(sketch_of_ids(0, 1023));
  CHECK(sketch.exact());
  sketch.add(hash_of_id(1023));
  CHECK(!sketch.exact());
  CHECK(sketch.estimate() >= 1024);
  CHECK(sketch.estimate() <= 1024 * 1.04);
  CHECK(sketch.memory() < memory_limit);
}

TEST_CASE("hash 0 is a hash like any other") {
  hyperloglog sketch;
  sketch.add(0);
  CHECK(sketch.estimate() == 1);
  for (std::uint64_t id = 0; id < 100; ++id) sketch.add(hash_of_id(id));
  CHECK(sketch.estimate() == 101);
  sketch.add(0);
  CHECK(sketch.estimate() == 101);
}

TEST_CASE("what is moved from is empty and can be used again") {
  for (const std::uint64_t count : {1, 100, 5000}) {
    auto from = sketch_of_ids(0, count);
    const auto to = std::move(from);
    CHECK(from.empty());  // NOLINT: that is the contract
    CHECK(to == sketch_of_ids(0, count));
    from.add(3);
    CHECK(from.estimate() == 1);
    hyperloglog assigned;
    assigned = std::move(from);
    CHECK(from.empty());
    CHECK(assigned.estimate() == 1);
  }
}

TEST_CASE("merging a sketch with itself changes nothing") {
  for (const std::uint64_t count : {0, 5, 500, 5000}) {
    auto sketch = sketch_of_ids(0, count);
    sketch.merge(sketch);
    CHECK(sketch == sketch_of_ids(0, count));
  }
}

TEST_CASE("the standard error is 0.81 % over many random sets, without bias") {
  for (const std::uint64_t distinct : {1'100, 5'000, 20'000, 50'000, 100'000}) {
    CAPTURE(distinct);
    const int sets = distinct < 50'000 ? 200 : 60;
    const auto errors = errors_of(distinct, sets);
    CHECK(errors.deviation < 0.0081 * (1 + 3 / std::sqrt(2.0 * sets)));
    CHECK(std::fabs(errors.bias) < 3 * 0.0081 / std::sqrt(sets));
  }
}

TEST_CASE("a sketch of a million is within 4 %") {
  CHECK(std::fabs(double(sketch_of_ids(0, 1'000'000).estimate()) / 1e6 - 1) < 0.04);
}

TEST_CASE("the state is a function of the set of hashes, and exact while small") {
  CHECK(rc::check([] {
    auto hashes = some_hashes();
    const auto sketch = sketch_of(hashes);
    const auto repeats = *rc::gen::container<std::vector<std::uint64_t>>(
        rc::gen::elementOf(hashes.empty() ? std::vector<std::uint64_t>{1} : hashes));
    if (!hashes.empty()) hashes.insert(hashes.end(), repeats.begin(), repeats.end());
    std::shuffle(hashes.begin(), hashes.end(), std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>()));
    const auto shuffled = sketch_of(hashes);
    RC_ASSERT(shuffled == sketch);
    RC_ASSERT(encoded(shuffled) == encoded(sketch));
    const auto distinct = std::set<std::uint64_t>(hashes.begin(), hashes.end()).size();
    RC_ASSERT(sketch.exact() == (distinct < hyperloglog::exact_below));
    if (sketch.exact()) RC_ASSERT(sketch.estimate() == distinct);
  }));
}

TEST_CASE("union is lossless, commutes and associates") {
  CHECK(rc::check([] {
    const auto x = some_hashes(), y = some_hashes(), z = some_hashes();
    const auto a = sketch_of(x), b = sketch_of(y), c = sketch_of(z);
    auto ab = a, ba = b, bc = b;
    ab.merge(b);
    ba.merge(a);
    bc.merge(c);
    RC_ASSERT(ab == ba);
    auto left = ab, right = a;
    left.merge(c);
    right.merge(bc);
    RC_ASSERT(left == right);
    auto all = x;
    all.insert(all.end(), y.begin(), y.end());
    all.insert(all.end(), z.begin(), z.end());
    RC_ASSERT(left == sketch_of(all));
    RC_ASSERT(encoded(left) == encoded(sketch_of(all)));
  }));
}

TEST_CASE("sketches of different sets differ") {
  CHECK(sketch_of_ids(0, 5) != sketch_of_ids(1, 5));
  CHECK(sketch_of_ids(0, 500) != sketch_of_ids(1, 500));
  CHECK(sketch_of_ids(0, 5000) != sketch_of_ids(1, 5000));
  CHECK(sketch_of_ids(0, 5) != sketch_of_ids(0, 6));
}

TEST_CASE("a sketch survives its encoding, in every form") {
  for (const std::uint64_t count : {1, 2, 3, 8, 9, 300, 1023, 1024, 4000, 7700, 7800, 20'000, 300'000}) {
    CAPTURE(count);
    const auto sketch = sketch_of_ids(0, count);
    const auto bytes = encoded(sketch);
    CHECK(bytes.size() <= 12'290);
    auto again = decoded<hyperloglog>(bytes);
    CHECK(again == sketch);
    CHECK(again.estimate() == sketch.estimate());
    again.add(hash_of_id(1'000'000));
    again.merge(sketch_of_ids(count, 10));
    auto same = sketch_of_ids(0, count + 10);
    same.add(hash_of_id(1'000'000));
    CHECK(again == same);
  }
}

TEST_CASE("the bytes are those of the documentation") {
  static constexpr char bytes[] =
      "\x01\x00\x02\xe5\xb8\x49\x0f\xc4\xc0\x03\x14\xb0\x16\x01\x1a\xd6\x0d\xa1\x4d";
  const std::string_view documented(bytes, sizeof bytes - 1);
  const auto sketch = sketch_of({hash64("alice"), hash64("bob")});
  CHECK(encoded(sketch) == documented);
  CHECK(decoded<hyperloglog>(documented) == sketch);
}

TEST_CASE("registers are placed as documented") {
  // Both forms by hand: register 0 holds 50 (hash 1 has 49 zeros there), register 2 holds 1.
  const std::string set_registers("\x01\x01\x02\x00\x32\x01\x01", 7);
  std::string all_registers("\x01\x02", 2);
  all_registers += std::string("\x32\x10\x00", 3) + std::string(12'285, '\0');
  const auto sketch = decoded<hyperloglog>(set_registers);
  CHECK(decoded<hyperloglog>(all_registers) == sketch);
  CHECK(!sketch.exact());
  auto more = sketch;
  more.merge(sketch_of({0, 1, (std::uint64_t{2} << 50) + (std::uint64_t{1} << 49)}));
  CHECK(more == sketch);
  more.add((std::uint64_t{2} << 50) + 1);
  CHECK(more != sketch);
}

TEST_CASE("bytes out of form are refused") {
  const auto refused = [](std::string_view bytes) {
    CHECK_THROWS_AS(decoded<hyperloglog>(bytes), decode_error);
  };
  refused("");
  refused({"\x02\x00\x00", 3});                                               // version
  refused({"\x01\x03\x00", 3});                                               // form
  refused({"\x01\x00\x01", 3});                                               // a hash that is not there
  refused("\x01" + std::string("\x00\x01", 2) + std::string(8, '\0'));        // hash 0
  refused("\x01" + std::string("\x00\x02", 2) + std::string(16, 'a'));        // a hash twice
  refused("\x01" + std::string("\x00\x80\x08", 3) + std::string(8192, 'a'));  // 1,024 hashes
  refused({"\x01\x01\x01\x00\x00", 5});                                       // register 0 set to 0
  refused({"\x01\x01\x01\x00\x34", 5});                                       // register 0 set to 52
  refused({"\x01\x01\x01\x80\x80\x01\x01", 7});                               // register 16,384
  refused("\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");  // as many registers as there never were
  refused("\x01\x02" + std::string(12'287, '\0'));
  refused("\x01\x02" + std::string(12'288, '\xff'));
}

TEST_CASE("a sketch with every register full has an estimate, too") {
  std::string bytes("\x01\x02");
  for (int i = 0; i < 4096; ++i) bytes += "\xf3\x3c\xcf";  // four times 51
  CHECK(decoded<hyperloglog>(bytes).estimate() == ~std::uint64_t{0});
}

TEST_CASE("garbage is refused or is a sound hyperloglog") {
  CHECK(rc::check([] {
    const auto bytes = damaged(encoded(sketch_of(some_hashes())));
    RC_ASSERT(refused_or_sound<hyperloglog>(bytes, memory_limit));
  }));
  CHECK(rc::check([] { RC_ASSERT(refused_or_sound<hyperloglog>(versioned_noise(), memory_limit)); }));
}
