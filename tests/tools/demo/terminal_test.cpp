#include "tools/demo/terminal.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

using namespace weir;

TEST_CASE("a screen that fits is as it was") { CHECK(fit("ab\n\nc\n", {80, 24}) == "ab\n\nc\n"); }

TEST_CASE("in a small terminal no line wraps, and none scrolls away") {
  CHECK(fit("abcdef\nab\nabc\n", {3, 24}) == "abc\nab\nabc\n");
  CHECK(fit("a\nb\nc\nd\n", {80, 3}) == "a\nb\n");
  CHECK(fit("a", {80, 24}) == "a\n");
  CHECK(fit("", {80, 24}).empty());
}

TEST_CASE("a line is cut between two characters, also where bytes are no text") {
  CHECK(clip("\u00e9\u00e9\u00e9", 2) == "\u00e9\u00e9");
  CHECK(clip("\xff\xff\xff", 2) == "\xff\xff");
  CHECK(clip("ab", 5) == "ab");
  CHECK(clip("ab", 0).empty());
}

TEST_CASE("a terminal is asked for its size; what is none has 80 by 24") {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  winsize w{};
  w.ws_col = 40, w.ws_row = 10;
  REQUIRE(ioctl(terminal, TIOCSWINSZ, &w) == 0);
  CHECK(size_of_terminal(terminal).columns == 40);
  CHECK(size_of_terminal(terminal).rows == 10);
  close(terminal);
  CHECK(size_of_terminal(-1).columns == 80);
  CHECK(size_of_terminal(-1).rows == 24);
}
