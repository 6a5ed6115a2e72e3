#include "pipeline/event/utf8.hpp"

#include <doctest/doctest.h>

using namespace weir;

TEST_CASE("UTF-8 has one form for each code point and none for surrogates") {
  for (const auto* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "0123456789\xc3\xa4"
                           "0123456789"})
    CHECK_MESSAGE(is_utf8(good), good);
  for (const auto* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3",
                          "\xc3"
                          "a",
                          "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf8\x88\x80\x80\x80", "\xff", "01234567\xff", "0123456\xc3"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("code points are counted, not bytes") {
  CHECK(code_points("") == 0);
  CHECK(code_points("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") == 4);
}

TEST_CASE("a prefix cuts no code point") {
  CHECK(utf8_prefix("a\xe2\x82\xac"
                    "b",
                    0) == "");
  CHECK(utf8_prefix("a\xe2\x82\xac"
                    "b",
                    3) == "a");
  CHECK(utf8_prefix("a\xe2\x82\xac"
                    "b",
                    4) == "a\xe2\x82\xac");
  CHECK(utf8_prefix("abc", 7) == "abc");
}

TEST_CASE("bytes that are not UTF-8 become U+FFFD") {
  CHECK(to_utf8("a\xff\xc3\xa4\xc3") == "a\xef\xbf\xbd\xc3\xa4\xef\xbf\xbd");
}
