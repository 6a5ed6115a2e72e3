#include "pipeline/base/json_writer.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

using namespace weir;

namespace {

template <class Write>
std::string written(Write write) {
  std::string json;
  json_writer out(json);
  write(out);
  return json;
}

std::string real(double x) {
  return written([&](json_writer& out) { out.value(x); });
}

std::string micros(std::int64_t x) {
  return written([&](json_writer& out) { out.micros(x); });
}

std::string quoted(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

}  // namespace

TEST_CASE("fields are separated by commas, in the order of the calls") {
  const auto json = written([](json_writer& out) {
    out.begin_object().field("b", 1).field("a", "x").name("list").begin_array();
    out.value(1).value("two").null().begin_object().end_object().begin_array().end_array().value(true);
    out.end_array().name("inner").begin_object().field("c", false).end_object().field("d", 2u).end_object();
  });
  CHECK(json == R"({"b":1,"a":"x","list":[1,"two",null,{},[],true],"inner":{"c":false},"d":2})");
}

TEST_CASE("an optional field of an empty text is left out") {
  const auto json = written([](json_writer& out) {
    out.begin_object().optional("a", "").optional("b", "x").optional("c", "").field("d", 0).end_object();
  });
  CHECK(json == R"({"b":"x","d":0})");
}

TEST_CASE("a name of any text is escaped") {
  const auto json = written([](json_writer& out) {
    out.begin_object().escaped_name("a\"b").value(1).escaped_name("\n").raw("[2,3]").end_object();
  });
  CHECK(json == R"({"a\"b":1,"\n":[2,3]})");
}

TEST_CASE("quotes, backslashes and control characters are escaped, nothing else is") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("plain / text's") == R"("plain / text's")");
  CHECK(quoted("a\"b\\c") == R"("a\"b\\c")");
  CHECK(quoted("\n\r\t") == R"("\n\r\t")");
  CHECK(quoted(std::string("\0\x01\x1f\b\f", 5)) == R"("\u0000\u0001\u001f\u0008\u000c")");
  CHECK(quoted("\x7f é 漢 😀") == "\"\x7f é 漢 😀\"");
}

TEST_CASE("whole numbers have no fraction") {
  CHECK(real(0) == "0");
  CHECK(real(-0.0) == "0");
  CHECK(real(12) == "12");
  CHECK(real(-7) == "-7");
  CHECK(real(1e15) == "1000000000000000");
}

TEST_CASE("reals have the shortest form that reads back the same") {
  CHECK(real(0.1) == "0.1");
  CHECK(real(-2.5) == "-2.5");
  CHECK(real(1.0 / 3) == "0.3333333333333333");
  CHECK(real(0.1 + 0.2) == "0.30000000000000004");
  CHECK(real(1e300) == "1e+300");
  CHECK(real(5e-324) == "5e-324");
}

TEST_CASE("a real that is no number is null") {
  CHECK(real(std::nan("")) == "null");
  CHECK(real(std::numeric_limits<double>::infinity()) == "null");
  CHECK(real(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("every real reads back the same") {
  CHECK(rc::check([](double x) { RC_ASSERT(std::strtod(real(x).c_str(), nullptr) == x); }));
}

TEST_CASE("integers at the limits are written in full") {
  CHECK(written([](json_writer& out) { out.value(std::numeric_limits<std::int64_t>::min()); }) ==
        "-9223372036854775808");
  CHECK(written([](json_writer& out) { out.value(std::numeric_limits<std::uint64_t>::max()); }) ==
        "18446744073709551615");
}

TEST_CASE("amounts have as many of six digits as they need") {
  CHECK(micros(0) == "0");
  CHECK(micros(1'000'000) == "1");
  CHECK(micros(12'340'000) == "12.34");
  CHECK(micros(1) == "0.000001");
  CHECK(micros(100'000) == "0.1");
  CHECK(micros(1'000'001) == "1.000001");
  CHECK(micros(20'050'000) == "20.05");
}

TEST_CASE("negative amounts keep their sign, below one, too") {
  CHECK(micros(-1) == "-0.000001");
  CHECK(micros(-500'000) == "-0.5");
  CHECK(micros(-3'000'000) == "-3");
  CHECK(micros(std::numeric_limits<std::int64_t>::min()) == "-9223372036854.775808");
  CHECK(micros(std::numeric_limits<std::int64_t>::max()) == "9223372036854.775807");
}

TEST_CASE("every amount reads back the same") {
  CHECK(rc::check([] {
    const auto x = *rc::gen::inRange<std::int64_t>(-4'000'000'000'000, 4'000'000'000'000);
    RC_ASSERT(std::llround(std::strtod(micros(x).c_str(), nullptr) * 1e6) == x);
  }));
}

TEST_CASE("amounts are values like others") {
  const auto json = written([](json_writer& out) {
    out.begin_object().name("a").micros(1'500'000).name("b").micros(0).name("c").null().end_object();
  });
  CHECK(json == R"({"a":1.5,"b":0,"c":null})");
}
