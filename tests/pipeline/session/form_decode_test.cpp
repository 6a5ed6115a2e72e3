#include "pipeline/session/form_decode.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "pipeline/session/utf8_repair.hpp"

using namespace weir;

namespace {

std::string decoded(std::string_view text) {
  std::string room;
  scratch_text scratch(room, text.size());
  return std::string(form_decode(text, scratch));
}

std::string repaired(std::string text) {
  repair_utf8(text, 0);
  return text;
}

}  // namespace

TEST_CASE("form encoding is undone") {
  CHECK(decoded("a+b%20c%2Bd") == "a b c+d");
  CHECK(decoded("%C3%BCber%e2%82%AC") == "\u00fcber\u20ac");
  CHECK(decoded("plain") == "plain");
  CHECK(decoded("").empty());
}

TEST_CASE("a percent sign without two hex digits is itself") {
  CHECK(decoded("100%") == "100%");
  CHECK(decoded("%4") == "%4");
  CHECK(decoded("%zz%41%G0") == "%zzA%G0");
}

TEST_CASE("what decodes to no UTF-8 becomes replacement characters") {
  CHECK(decoded("a%FFb") == "a\ufffdb");
  CHECK(decoded("%E4rger") == "\ufffdrger");
  CHECK(decoded("%ED%A0%80") == "\ufffd\ufffd\ufffd");  // a surrogate
}

TEST_CASE("repair replaces each maximal part of a broken sequence once") {
  CHECK(repaired("\xf0\x9f\x98") == "\ufffd");
  CHECK(repaired("\xf0\x9f\x98\x80") == "\U0001f600");
  CHECK(repaired("\xc0\xaf") == "\ufffd\ufffd");  // overlong
  CHECK(repaired("\xe2\x82x") == "\ufffdx");
  CHECK(repaired("\xf4\x90\x80\x80") == "\ufffd\ufffd\ufffd\ufffd");  // beyond U+10FFFF
  CHECK(repaired("\x80") == "\ufffd");
}

TEST_CASE("decoding keeps what was decoded before it valid") {
  std::string room;
  scratch_text scratch(room, 64);
  const auto first = form_decode("a+b", scratch);
  const auto second = form_decode("%FF%FF%FF%FF%FF", scratch);
  CHECK(first == "a b");
  CHECK(second == "\ufffd\ufffd\ufffd\ufffd\ufffd");
}

TEST_CASE("a text that needs no decoding takes no room") {
  std::string room;
  scratch_text scratch(room, 1000);
  const std::string_view text = "newsletter";
  CHECK(form_decode(text, scratch).data() == text.data());
  CHECK(room.empty());
}

TEST_CASE("an encoded name is compared without decoding it") {
  CHECK(decodes_to("utm_source", "utm_source"));
  CHECK(decodes_to("utm%5Fsource", "utm_source"));
  CHECK(decodes_to("a+b", "a b"));
  CHECK_FALSE(decodes_to("utm_sourc", "utm_source"));
  CHECK_FALSE(decodes_to("utm_source2", "utm_source"));
  CHECK_FALSE(decodes_to("UTM_SOURCE", "utm_source"));
}

TEST_CASE("parameters come in order, with and without value") {
  std::vector<std::pair<std::string, std::string>> got;
  for_each_parameter("a=1&b&=2&&c=d=e", [&](auto name, auto value) { got.emplace_back(name, value); });
  const std::vector<std::pair<std::string, std::string>> expected{
      {"a", "1"}, {"b", ""}, {"", "2"}, {"", ""}, {"c", "d=e"}};
  CHECK(got == expected);
}
