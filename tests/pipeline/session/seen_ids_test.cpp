#include "pipeline/session/seen_ids.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

using namespace weir;

namespace {

std::string bytes_of(const seen_ids& ids) {
  parted_value value;
  byte_writer out(value.bytes);
  ids.encode_outline(0, out);
  ids.encode_ids(0, value);
  return value.bytes;
}

seen_ids read_back(const std::string& bytes) {
  byte_reader in(bytes);
  const auto outline = seen_ids::decode_outline(0, in);
  auto ids = seen_ids::decode_ids(outline, 0, in);
  in.finish();
  return ids;
}

}  // namespace

TEST_CASE("an id that was added is contained until it is forgotten") {
  seen_ids ids;
  CHECK_FALSE(ids.contains(7));
  ids.add(7, 100);
  CHECK(ids.contains(7));
  ids.forget(100);
  CHECK(ids.contains(7));
  ids.forget(101);
  CHECK_FALSE(ids.contains(7));
  CHECK(ids.empty());
}

TEST_CASE("ids are forgotten by time whatever the order they came in") {
  seen_ids ids;
  for (const std::uint64_t t : {5, 1, 4, 2, 3}) ids.add(t, static_cast<std::int64_t>(t));
  ids.forget(4);
  CHECK(ids.size() == 2);
  CHECK(ids.contains(4));
  CHECK(ids.contains(5));
  CHECK(ids.oldest() == 4);
}

TEST_CASE("beyond the limit the smallest time goes first, ties by order of arrival") {
  seen_ids ids;
  for (std::uint64_t i = 0; i < ids_kept; ++i) CHECK(ids.add(i, i == 9 || i == 11 ? 1 : 2) == 0);
  CHECK(ids.add(ids_kept, 5) == 1);
  CHECK_FALSE(ids.contains(9));
  CHECK(ids.contains(11));
  CHECK(ids.add(ids_kept + 1, 0) == 1);  // it is itself the smallest
  CHECK_FALSE(ids.contains(ids_kept + 1));
  CHECK(ids.add(ids_kept + 2, 5) == 1);
  CHECK_FALSE(ids.contains(11));
  CHECK(ids.size() == ids_kept);
}

TEST_CASE("few and many ids are read back as they were, with the order of ties") {
  std::mt19937_64 random(1);
  for (const int n : {0, 1, 15, 64, 65, 1000}) {
    seen_ids ids;
    for (int i = 0; i < n; ++i) ids.add(random(), static_cast<std::int64_t>(random() % 50));
    const auto bytes = bytes_of(ids);
    const auto copy = read_back(bytes);
    CHECK(copy.size() == ids.size());
    CHECK(bytes_of(copy) == bytes);
  }
}

TEST_CASE("ids that were read back go on as the original") {
  std::mt19937_64 random(2);
  seen_ids ids, copy;
  for (int step = 0; step < 2000; ++step) {
    const auto hash = random() % 400;
    const auto time = static_cast<std::int64_t>(step / 10 + random() % 20);
    copy = read_back(bytes_of(ids));
    REQUIRE(ids.contains(hash) == copy.contains(hash));
    if (!ids.contains(hash)) ids.add(hash, time), copy.add(hash, time);
    ids.forget(step / 10 - 10);
    copy.forget(step / 10 - 10);
    REQUIRE(bytes_of(ids) == bytes_of(copy));
  }
}

TEST_CASE("garbage is no set of ids") {
  for (const std::string& bytes : {std::string(), std::string("\x05"), std::string("\x01\x02\x03"),
                                   std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")}) {
    CHECK_THROWS_AS(read_back(bytes), decode_error);
  }
}

TEST_CASE("as many ids as are kept cost no more each than a few, in any order of time") {
  seen_ids ids;
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < ids_kept; ++i) {
    const auto hash = i * 0x9e3779b97f4a7c15;
    if (!ids.contains(hash)) ids.add(hash, -static_cast<std::int64_t>(i));
  }
  CHECK(ids.size() == ids_kept);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));  // quadratic would take minutes
}
