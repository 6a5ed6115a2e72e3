#include "pipeline/event/personal_data.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipeline/event/json_rewrite.hpp"

using namespace weir;

namespace {

// What `mask` makes of a text: itself when it finds nothing.
template <class Mask>
std::string made_by(Mask mask, std::string_view text) {
  std::string out;
  const auto count = mask(text, out);
  CHECK((count == 0) == out.empty());
  return count == 0 ? std::string(text) : out;
}

std::string masked(std::string_view text) { return made_by(mask_personal_data, text); }
std::string url(std::string_view text) { return made_by(mask_url, text); }
std::string json(std::string_view text) { return made_by(mask_json, text); }

}  // namespace

TEST_CASE("e-mail addresses are masked, with the dot of a sentence left behind them") {
  CHECK(masked("ann@example.com") == "(email)");
  CHECK(masked("from ann.o'neil+news@mail.example.co.uk, to bob_1@b-c.de.") == "from (email), to (email).");
  CHECK(masked("jörg@exämple.de") == "(email)");
  CHECK(masked("a@b.de@c.de") == "(email)@c.de");
  CHECK(masked("a@b.de.4111111111111111, a@b.de..c, a@b.de-.1") == "(email).(card), (email)..c, (email)-.1");
}

TEST_CASE("what only has an @ is no e-mail address") {
  for (const auto* text : {"@", "ann@", "@example.com", "ann@example", "pkg@1.2.3", "a@.de", "a@b..de",
                           "52.5@13.4", "a @b.de", "a@b.c"})
    CHECK(masked(text) == text);
}

TEST_CASE("card numbers are masked: 13 to 19 digits that satisfy Luhn's check, also in groups") {
  for (const auto* card : {"4111111111111111", "378282246310005", "5555555555554444", "6011000990139424",
                           "4222222222222", "6304000000000000000", "4111 1111 1111 1111",
                           "4111-1111-1111-1111", "4111+1111+1111+1111", "3782 822463 10005"})
    CHECK(masked(std::string("x=") + card + ";") == "x=(card);");
  CHECK(masked("2024-02-18 4111 1111 1111 1111") == "2024-02-18 (card)");
}

TEST_CASE("other long numbers are no card numbers") {
  for (const auto* text :
       {"4111111111111112", "1708252200006", "411111111111", "41111111111111110000", "x4111111111111111",
        "4111111111111111x", "52.4111111111111111", "0000000000000000", "4111  1111 1111 1111",
        "123e4567-e89b-12d3-a456-426614174000"})
    CHECK(masked(text) == text);
}

TEST_CASE("phone numbers are masked: a plus and 8 to 15 digits, also in groups") {
  for (const auto* phone : {"+12345678", "+123456789012345", "+49 30 1234567", "+1 (555) 123-4567",
                            "+44.20.7946.0958", "+49 (0)30/12345", "+1+(555)+010-4477"})
    CHECK(masked(std::string("call ") + phone + "!") == "call (phone)!");
}

TEST_CASE("of numbers in a row each is found") {
  CHECK(masked("+4930123456+4930123457") == "(phone)(phone)");
  CHECK(masked("4111111111111111+4222222222222") == "(card)(phone)");
}

TEST_CASE("what is no phone number stays") {
  for (const auto* text :
       {"+1234567", "+1234567890123456", "12345678901", "1+12345678", "a+12345678", "+12345678a", "+ abc"})
    CHECK(masked(text) == text);
}

TEST_CASE("what is percent-encoded is found, also twice, and the rest stays as it was written") {
  CHECK(masked("a=%20&e=ann%40example.com&b=%2f") == "a=%20&e=(email)&b=%2f");
  CHECK(masked("e=%61nn%2540example%2Ecom") == "e=(email)");
  CHECK(masked("p=%2B4930123456") == "p=(phone)");
  CHECK(masked("c=%34111%201111%201111%201111&x=%zz%4") == "c=(card)&x=%zz%4");
  CHECK(masked("u=https%3A%2F%2Fx.de%2F%3Fmail%3Dann%2540x.de%26b") ==
        "u=https%3A%2F%2Fx.de%2F%3Fmail%3D(email)%26b");
}

TEST_CASE("of a URL only what stands behind the first question mark is masked") {
  CHECK(url("https://ann@example.com/ann@example.com#ann@example.com") ==
        "https://ann@example.com/ann@example.com#ann@example.com");
  CHECK(url("https://ann@example.com/?m=ann@example.com&n=4111111111111111#+4930123456") ==
        "https://ann@example.com/?m=(email)&n=(card)#(phone)");
  CHECK(url("https://example.com/#/a?m=ann@example.com") == "https://example.com/#/a?m=(email)");
}

TEST_CASE("masking what is masked finds nothing") {
  CHECK(masked("(email) (card) (phone)") == "(email) (card) (phone)");
}

TEST_CASE("in JSON strings, names and numbers are masked, and it stays JSON") {
  CHECK(json(R"x({"mail":"ann@x.de","n":[1, "+49 30 1234567"]})x") ==
        R"x({"mail":"(email)","n":[1, "(phone)"]})x");
  CHECK(json(R"x({"ann@x.de":{"card": 4111111111111111 ,"f":4111111111111111.0}})x") ==
        R"x({"(email)":{"card": "(card)" ,"f":"(card).0"}})x");
  CHECK(json(R"x({"a":1,"b":"x","c":null})x") == R"x({"a":1,"b":"x","c":null})x");
}

TEST_CASE("what JSON escapes is found, too") {
  CHECK(json(R"x({"m":"ann\u0040x.de\n\"q\" \ud83d\ude00"})x") == R"x({"m":"(email)\n\"q\" 😀"})x");
  CHECK(json(R"x({"m":"\u002b49\/30 1234567"})x") == R"x({"m":"(phone)"})x");
  CHECK(json(R"x({"m":"line\nline"})x") == R"x({"m":"line\nline"})x");
  CHECK(json(R"x({"m":"{\"m\":\"ann@x.de\"}"})x") == R"x({"m":"{\"m\":\"(email)\"}"})x");
}
