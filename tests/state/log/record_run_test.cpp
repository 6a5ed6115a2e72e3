#include "state/log/record_run.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "pipeline/base/codec.hpp"

using namespace weir;

TEST_CASE("a run is read back as it was") {
  record_chunk chunk;
  chunk.add(70, 1000, "k", "v");
  chunk.add(71, -5, "", std::string(300, 'x'));
  const auto copy = decode_run(encode_run(chunk));
  REQUIRE(copy->entries.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto &a = chunk.entries[i], &b = copy->entries[i];
    CHECK((b.offset == a.offset && b.time == a.time));
    CHECK(copy->key(b) == chunk.key(a));
    CHECK(copy->value(b) == chunk.value(a));
  }
}

TEST_CASE("a run of no records, cut short or with more behind is refused") {
  record_chunk chunk;
  chunk.add(70, 1000, "key", "value");
  const auto bytes = encode_run(chunk);
  for (std::size_t n = 0; n < bytes.size(); ++n)
    CHECK_THROWS_AS(decode_run(bytes.substr(0, n)), decode_error);
  CHECK_THROWS_AS(decode_run(bytes + 'x'), decode_error);
  CHECK_THROWS_AS(decode_run(std::string(2, '\0')), decode_error);
}

TEST_CASE("times and offsets of a broken run may be any: they wrap") {
  std::string bytes;
  byte_writer out(bytes);
  out.varint(2);
  out.zigzag(std::numeric_limits<std::int64_t>::max());
  for (int i = 0; i < 2; ++i) {
    out.zigzag(std::numeric_limits<std::int64_t>::max());
    out.text({});
    out.text({});
  }
  const auto chunk = decode_run(bytes);
  CHECK(chunk->entries[1].offset == std::numeric_limits<std::int64_t>::min());
  CHECK(encode_run(*chunk) == bytes);
}
