#include "pipeline/event/ip_privacy.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace weir;

TEST_CASE("addresses are written as privacy.ip says") {
  arena texts;
  CHECK(private_ip(ip_privacy::keep, "192.0.2.77", texts) == "192.0.2.77");
  CHECK(private_ip(ip_privacy::keep, "not an address", texts) == "not an address");
  CHECK(private_ip(ip_privacy::drop, "192.0.2.77", texts).empty());
  const auto cut = [&](std::string_view address) { return private_ip(ip_privacy::truncate, address, texts); };
  CHECK(cut("192.0.2.77") == "192.0.2.0");
  CHECK(cut("2001:db8:1:2:3:4:5:6") == "2001:db8:1::");
  CHECK(cut("::ffff:192.0.2.77") == "::ffff:192.0.2.0");
  CHECK(cut("not an address").empty());
  CHECK(cut("192.0.2.77.5").empty());
  CHECK(cut(std::string(100, '1')).empty());
}
