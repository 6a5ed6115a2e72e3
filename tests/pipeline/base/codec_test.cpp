#include "pipeline/base/codec.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <string>

using namespace weir;

namespace {

template <class Write>
std::string written(Write write) {
  std::string bytes;
  byte_writer out(bytes);
  write(out);
  return bytes;
}

std::string varint_of(std::uint64_t x) {
  return written([&](byte_writer& out) { out.varint(x); });
}

std::string zigzag_of(std::int64_t x) {
  return written([&](byte_writer& out) { out.zigzag(x); });
}

}  // namespace

TEST_CASE("varints have the documented bytes") {
  CHECK(varint_of(0) == std::string(1, '\0'));
  CHECK(varint_of(127) == "\x7f");
  CHECK(varint_of(128) == "\x80\x01");
  CHECK(varint_of(300) == "\xac\x02");
  CHECK(varint_of(~std::uint64_t{0}) == "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST_CASE("small signed numbers are short, whatever their sign") {
  CHECK(zigzag_of(0) == std::string(1, '\0'));
  CHECK(zigzag_of(-1) == "\x01");
  CHECK(zigzag_of(1) == "\x02");
  CHECK(zigzag_of(-64) == "\x7f");
  CHECK(zigzag_of(64) == "\x80\x01");
}

TEST_CASE("words and reals are little-endian") {
  CHECK(written([](byte_writer& out) { out.word(0x0102030405060708); }) ==
        "\x08\x07\x06\x05\x04\x03\x02\x01");
  CHECK(written([](byte_writer& out) { out.real(1.0); }) == std::string("\0\0\0\0\0\0\xf0\x3f", 8));
}

TEST_CASE("texts may hold any bytes") {
  const std::string text("a\0\xff", 3);
  const auto bytes = written([&](byte_writer& out) { out.text(text); });
  CHECK(bytes == std::string("\x03", 1) + text);
  byte_reader in(bytes);
  CHECK(in.text() == text);
  CHECK(in.done());
}

TEST_CASE("every value reads back as it was written") {
  CHECK(rc::check([](std::uint64_t a, std::int64_t b, double c, std::string d, bool e, std::uint8_t f) {
    const auto bytes = written([&](byte_writer& out) {
      out.varint(a);
      out.zigzag(b);
      out.real(c);
      out.text(d);
      out.boolean(e);
      out.byte(f);
      out.word(a);
      out.bytes(d);
    });
    byte_reader in(bytes);
    RC_ASSERT(in.varint() == a);
    RC_ASSERT(in.zigzag() == b);
    RC_ASSERT(in.real() == c);
    RC_ASSERT(in.text() == d);
    RC_ASSERT(in.boolean() == e);
    RC_ASSERT(in.byte() == f);
    RC_ASSERT(in.word() == a);
    RC_ASSERT(in.left() == d.size());
    RC_ASSERT(in.bytes(d.size()) == d);
    in.finish();
  }));
}

TEST_CASE("signed numbers at the limits and reals without a value read back") {
  using limits = std::numeric_limits<std::int64_t>;
  const auto bytes = written([](byte_writer& out) {
    out.zigzag(limits::min());
    out.zigzag(limits::max());
    out.real(-0.0);
    out.real(std::nan(""));
  });
  byte_reader in(bytes);
  CHECK(in.zigzag() == limits::min());
  CHECK(in.zigzag() == limits::max());
  CHECK(std::signbit(in.real()));
  CHECK(std::isnan(in.real()));
}

TEST_CASE("reading beyond the end throws") {
  CHECK_THROWS_AS(byte_reader("").byte(), decode_error);
  CHECK_THROWS_AS(byte_reader("").varint(), decode_error);
  CHECK_THROWS_AS(byte_reader("\x80").varint(), decode_error);
  CHECK_THROWS_AS(byte_reader("1234567").word(), decode_error);
  CHECK_THROWS_AS(byte_reader("1234567").real(), decode_error);
  CHECK_THROWS_AS(byte_reader("\x03"
                              "ab")
                      .text(),
                  decode_error);
  CHECK_THROWS_AS(byte_reader("ab").bytes(3), decode_error);
  CHECK_THROWS_AS(byte_reader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                              "ab")
                      .text(),
                  decode_error);
}

TEST_CASE("a varint longer than ten bytes throws") {
  CHECK_THROWS_AS(byte_reader(std::string(11, '\x80')).varint(), decode_error);
}

TEST_CASE("a count that the input cannot hold throws") {
  CHECK(byte_reader("\x03"
                    "abc")
            .count() == 3);
  CHECK(byte_reader("\x01"
                    "12345678")
            .count(8) == 1);
  CHECK_THROWS_AS(byte_reader("\x04"
                              "abc")
                      .count(),
                  decode_error);
  CHECK_THROWS_AS(byte_reader("\x02"
                              "12345678")
                      .count(8),
                  decode_error);
  CHECK_THROWS_AS(byte_reader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                              "ab")
                      .count(8),
                  decode_error);
}

TEST_CASE("bytes that are left over are refused") {
  byte_reader in("ab");
  in.byte();
  CHECK(!in.done());
  CHECK_THROWS_AS(in.finish(), decode_error);
  in.byte();
  CHECK_NOTHROW(in.finish());
}

TEST_CASE("a failed read takes nothing") {
  byte_reader in("abc");
  CHECK_THROWS_AS(in.bytes(4), decode_error);
  CHECK(in.bytes(3) == "abc");
}
