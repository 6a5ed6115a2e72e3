#include "pipeline/sketch/top.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/pipeline/sketch/garbage.hpp"

using namespace weir;
using namespace weir::test;

namespace {

constexpr std::size_t memory_limit = 256 * 1024;
using delta = std::pair<std::string, std::int64_t>;

std::vector<delta> some_deltas() {
  std::vector<delta> deltas(*rc::gen::inRange<std::size_t>(0, 60));
  for (auto& [key, times] : deltas) {
    key = std::string(*rc::gen::inRange<std::size_t>(0, 30), char('a' + *rc::gen::inRange(0, 3)));
    times = *rc::gen::inRange<std::int64_t>(-3, 5);
  }
  return deltas;
}

top_counts counts_of(const std::vector<delta>& deltas) {
  top_counts counts;
  for (const auto& [key, times] : deltas) counts.add(key, times);
  return counts;
}

std::map<std::string, std::int64_t> exact_counts(const std::vector<delta>& deltas) {
  std::map<std::string, std::int64_t> counts;
  for (const auto& [key, times] : deltas) counts[key] += times;
  std::erase_if(counts, [](const auto& x) { return x.second == 0; });
  return counts;
}

std::string exact_top(const std::map<std::string, std::int64_t>& counts) {
  delta best{"", 0};
  for (const auto& x : counts)
    if (x.second > best.second) best = x;
  return best.first;
}

/// Many distinct keys of which the low numbers are much more frequent.
std::vector<delta> skewed_deltas(std::uint64_t seed, std::size_t size) {
  std::mt19937_64 random(seed);
  std::vector<delta> deltas(size);
  for (auto& [key, times] : deltas) {
    const auto x = double(random() % 1'000'000 + 1);
    key = "host" + std::to_string(int(1e6 / x)) +
          (random() % 3 == 0 ? "-" + std::to_string(random() % 5000) : "");
    times = 1 + std::int64_t(random() % 2);
  }
  return deltas;
}

void check_bounds(const top_counts& counts, const std::vector<delta>& deltas) {
  std::int64_t all = 0;
  for (const auto& x : deltas) all += x.second;
  std::size_t wrong = 0, held = 0;
  for (const auto& [key, exact] : exact_counts(deltas)) {
    const auto count = counts.count(key);
    if (count != 0) ++held;
    if (count == 0 ? exact > all / 1000 : count < exact || count > exact + all / 1000) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(held >= top_counts::exact_keys);
  CHECK(held <= top_counts::most_keys);
}

}  // namespace

TEST_CASE("nothing counted has no top") {
  const top_counts counts;
  CHECK(counts.empty());
  CHECK(counts.top().empty());
  CHECK(!counts.approximate());
  CHECK(decoded<top_counts>(encoded(counts)) == counts);
}

TEST_CASE("the top is the key with the highest count, ties to the smaller string") {
  const auto counts = counts_of({{"b", 2}, {"a", 1}, {"c", 2}, {"d", 1}});
  CHECK(counts.top() == "b");
  CHECK(counts.count("c") == 2);
  CHECK(counts.count("e") == 0);
}

TEST_CASE("keys compare as bytes") { CHECK(counts_of({{"\xc3\xa9", 1}, {"z", 1}}).top() == "z"); }

TEST_CASE("negative counts are never the top") {
  auto counts = counts_of({{"a", -5}});
  CHECK(counts.top().empty());
  CHECK(!counts.empty());
  counts.add("b");
  CHECK(counts.top() == "b");
  counts.add("b", -1);
  counts.add("a", 5);
  CHECK(counts.empty());
}

TEST_CASE("counts are exact up to 1,000 keys and approximate beyond") {
  top_counts counts;
  for (int key = 0; key < 1000; ++key) counts.add(std::to_string(key), key + 1);
  CHECK(!counts.approximate());
  counts.add("999");
  CHECK(!counts.approximate());
  CHECK(counts.count("999") == 1001);
  counts.add("another");
  CHECK(counts.approximate());
  CHECK(!counts.empty());
  CHECK(counts.top() == "999");
}

TEST_CASE("more than 1,000 keys that are equally frequent have a top still") {
  top_counts counts;
  for (int key = 0; key < 5000; ++key) counts.add(std::to_string(key));
  CHECK(counts.approximate());
  CHECK(!counts.top().empty());
}

TEST_CASE("a frequent key is found among many, with bounded error") {
  const auto deltas = skewed_deltas(1, 40'000);
  const auto counts = counts_of(deltas);
  CHECK(counts.approximate());
  CHECK(counts.top() == exact_top(exact_counts(deltas)));
  CHECK(counts.memory() < memory_limit);
  check_bounds(counts, deltas);
}

TEST_CASE("the error stays bounded through merges, which commute") {
  std::vector<delta> all;
  top_counts merged;
  for (std::uint64_t part = 0; part < 8; ++part) {
    const auto deltas = skewed_deltas(part, 5000);
    all.insert(all.end(), deltas.begin(), deltas.end());
    auto other_way = counts_of(deltas);
    other_way.merge(merged);
    merged.merge(counts_of(deltas));
    CHECK(merged == other_way);
    CHECK(encoded(merged) == encoded(other_way));
  }
  CHECK(merged.approximate());
  check_bounds(merged, all);
  CHECK(decoded<top_counts>(encoded(merged)) == merged);
}

TEST_CASE("what is taken back outweighs what is rare when keys are cut") {
  top_counts counts;
  counts.add("gone", -500);
  for (int key = 0; key < 3000; ++key) counts.add(std::to_string(key));
  CHECK(counts.count("gone") == -500);
}

TEST_CASE("merging counts with themselves doubles them") {
  auto counts = counts_of({{"a", 2}, {"b", -1}});
  counts.merge(counts);
  CHECK(counts == counts_of({{"a", 4}, {"b", -2}}));
}

TEST_CASE("exact counts are those of a map, in any order") {
  CHECK(rc::check([] {
    auto deltas = some_deltas();
    const auto counts = counts_of(deltas);
    const auto exact = exact_counts(deltas);
    for (const auto& [key, times] : exact) RC_ASSERT(counts.count(key) == times);
    RC_ASSERT(counts.top() == exact_top(exact));
    RC_ASSERT(counts.empty() == exact.empty());
    std::shuffle(deltas.begin(), deltas.end(), std::mt19937_64(*rc::gen::arbitrary<std::uint64_t>()));
    RC_ASSERT(counts_of(deltas) == counts);
    RC_ASSERT(encoded(counts_of(deltas)) == encoded(counts));
  }));
}

TEST_CASE("exact counts merge without loss, commute and associate") {
  CHECK(rc::check([] {
    const auto x = some_deltas(), y = some_deltas(), z = some_deltas();
    const auto a = counts_of(x), b = counts_of(y), c = counts_of(z);
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
    RC_ASSERT(left == counts_of(all));
  }));
}

TEST_CASE("counts survive their encoding") {
  CHECK(rc::check([] {
    const auto counts = counts_of(some_deltas());
    RC_ASSERT(decoded<top_counts>(encoded(counts)) == counts);
  }));
}

TEST_CASE("the bytes are those of the documentation") {
  const auto counts = counts_of({{"google.com", 3}, {"bing.com", -1}});
  const std::string documented = std::string("\x01\x00\x02", 3) +
                                 "\x08"
                                 "bing.com\x01"
                                 "\x0a"
                                 "google.com\x06";
  CHECK(encoded(counts) == documented);
  CHECK(decoded<top_counts>(documented) == counts);
}

TEST_CASE("bytes out of form are refused") {
  const auto refused = [](std::string_view bytes) {
    CHECK_THROWS_AS(decoded<top_counts>(bytes), decode_error);
  };
  refused("");
  refused({"\x02\x00\x00", 3});  // version
  refused({"\x01\x02\x00", 3});  // flag
  refused(
      {"\x01\x00\x01\x01"
       "a\x00",
       6});  // a count of 0
  refused(
      {"\x01\x00\x02\x01"
       "b\x02\x01"
       "a\x02",
       9});  // keys out of order
  refused(
      {"\x01\x00\x02\x01"
       "a\x02\x01"
       "a\x02",
       9});                                                               // a key twice
  refused({"\x01\x00\xff\xff\xff\x0f", 6});                               // more keys than bytes
  refused({"\x01\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00", 13});  // a negative floor
}

TEST_CASE("counts at the limits wrap around instead of overflowing") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  auto counts = counts_of({{"a", least}, {"b", 1}});
  counts.merge(counts_of({{"a", least}}));
  CHECK(counts.count("a") == 0);
  CHECK(counts.top() == "b");
}

TEST_CASE("garbage is refused or is sound counts") {
  CHECK(rc::check([] {
    const auto bytes = damaged(encoded(counts_of(some_deltas())));
    RC_ASSERT(refused_or_sound<top_counts>(bytes, memory_limit));
  }));
  CHECK(rc::check([] { RC_ASSERT(refused_or_sound<top_counts>(versioned_noise(), memory_limit)); }));
}
