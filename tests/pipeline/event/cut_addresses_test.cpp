#include "pipeline/event/cut_addresses.hpp"

#include <doctest/doctest.h>

using namespace weir;

namespace {

std::string truncated(std::string_view text) { return cut_addresses(ip_privacy::truncate, text); }
std::string dropped(std::string_view text) { return cut_addresses(ip_privacy::drop, text); }

}  // namespace

TEST_CASE("addresses are cut wherever they stand in a text") {
  CHECK(truncated("203.0.113.7") == "203.0.113.0");
  CHECK(truncated("a=203.0.113.7:8080,[2001:db8:1:2::3]:80;2001:DB8:1:2:3:4:5:6.") ==
        "a=203.0.113.0:8080,[2001:db8:1::]:80;2001:db8:1::.");
  CHECK(truncated("::ffff:203.0.113.7 fe80::1:2%eth0") == "::ffff:203.0.113.0 fe80::%eth0");
  CHECK(dropped("from 203.0.113.7 (2001:db8::7)") == "from - (-)");
}

TEST_CASE("an address behind an escape or within a word is cut, too") {
  CHECK(truncated("\\n203.0.113.7\\t2001:db8:1:2::3") == "\\n203.0.113.0\\t2001:db8:1::");
  CHECK(truncated("\\u003c203.0.113.7\\u003e") == "\\u003c203.0.113.0\\u003e");
  CHECK(truncated("\\u00272001:db8:1:2::3'") == "\\u00272001:db8:1::'");
  CHECK(truncated("ip203.0.113.7and") == "ip203.0.113.0and");
}

TEST_CASE("times, numbers and versions that are no addresses stay") {
  for (const auto* text : {"", ".", ":", "2024-02-18T10:30:00.123Z [18/Feb/2024:10:30:00 +0000]",
                           "1.5e3, -7.25", "Chrome/120.0.6099.109 Safari/537.36", "300.400.113.7",
                           "00:1b:44:11:3a:b7", "a:b:c", "https://x.example:443/a.b.c"})
    CHECK(truncated(text) == text);
}
