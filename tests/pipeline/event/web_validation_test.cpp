// Each rule of events.md, "Validation", and of the fields of web events.
#include <doctest/doctest.h>

#include <string>

#include "tests/pipeline/event/web_decoder_fixture.hpp"

using namespace weir;
using weir::testing::web_fixture;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

std::string text_member(std::string_view name, std::string_view value) {
  return "\"" + std::string(name) + "\":\"" + std::string(value) + "\"";
}

}  // namespace

TEST_CASE("required fields are missed") {
  web_fixture x;
  CHECK(x.decode("{}") == "missing_field");
  CHECK(x.field() == "event_id");
  CHECK(x.f.message == "event_id: expected a string of 1 to 128 characters, got nothing");
  CHECK(x.decode(R"({"event_id":"e"})") == "missing_field");
  CHECK(x.field() == "event_type");
  CHECK(x.decode(R"({"event_id":"e","event_type":"click"})") == "missing_field");
  CHECK(x.field() == "timestamp");
  CHECK(x.decode(R"({"event_id":"e","event_type":"click","timestamp":1708252200})") == "missing_field");
  CHECK(x.field() == "session_id");
  CHECK(x.decode(R"({"event_id":"e","event_type":"click","timestamp":1708252200,"session_id":"s"})") ==
        "missing_field");
  CHECK(x.field() == "page_url");
}

TEST_CASE("each type has a field that it requires") {
  web_fixture x;
  const auto missed = [&](std::string_view field, std::string_view type) {
    const auto null = "\"" + std::string(field) + "\":null";
    const auto empty = "\"" + std::string(field) + "\":\"\"";
    return x.with(null, type) == "missing_field" && x.field() == field &&
           x.with(empty, type) == "missing_field" && x.field() == field;
  };
  CHECK(missed("scroll_depth", "scroll"));
  CHECK(missed("form_success", "form_submit"));
  CHECK(missed("video_id", "video_play"));
  CHECK(missed("event_name", "custom_event"));
  for (const auto* type : {"page_view", "click", "scroll", "form_submit", "video_play"})
    CHECK(missed("page_url", type));
  for (const auto* type : {"custom_event", "session_start", "session_end"})
    CHECK(x.with(R"("page_url":null)", type) == "valid");
}

TEST_CASE("one of session, user and visitor is enough; without a session it is derived") {
  web_fixture x;
  REQUIRE(x.with(R"("session_id":null)") == "valid");
  CHECK(x.e.session_derived);
  CHECK(x.e[text::session_id] == "~v1");
  REQUIRE(x.with(R"("session_id":"","user_id":"u1")") == "valid");
  CHECK(x.e[text::session_id] == "~v1");
  REQUIRE(x.with(R"("session_id":null,"visitor_id":null,"user_id":"u1")") == "valid");
  CHECK(x.e[text::session_id] == "~u1");
  CHECK(x.with(R"("session_id":null,"visitor_id":null)") == "missing_field");
  CHECK(x.field() == "session_id");
}

TEST_CASE("the form of the three ids comes before their absence") {
  web_fixture x;
  CHECK(x.with(R"("session_id":null,"visitor_id":1)") == "wrong_type");
  CHECK(x.field() == "visitor_id");
  CHECK(x.with(R"("user_id":1,"visitor_id":2)") == "wrong_type");
  CHECK(x.field() == "user_id");
}

TEST_CASE("a given session id does not begin with a tilde") {
  web_fixture x;
  CHECK(x.with(R"("session_id":"~v1")") == "out_of_range");
  CHECK(x.field() == "session_id");
  CHECK(x.with(R"("session_id":"s~","user_id":"~u","visitor_id":"~v")") == "valid");
}

TEST_CASE("ids have at most 128 code points") {
  web_fixture x;
  for (const auto* field : {"event_id", "session_id", "user_id", "visitor_id"}) {
    CAPTURE(field);
    CHECK(x.with(text_member(field, repeated("a", 128))) == "valid");
    CHECK(x.with(text_member(field, repeated("\xc3\xa4", 128))) == "valid");
    CHECK(x.with(text_member(field, repeated("\xf0\x9f\x98\x80", 129))) == "out_of_range");
    CHECK(x.field() == field);
    CHECK(x.with("\"" + std::string(field) + "\":12") == "wrong_type");
  }
  CHECK(x.with(text_member("user_id", repeated("a", 204))) == "out_of_range");
  CHECK(x.f.message == "user_id: expected a string of 1 to 128 characters, got 204 characters");
}

TEST_CASE("a site has 1 to 100 plain characters, and is `default` when absent") {
  web_fixture x;
  REQUIRE(x.with("") == "valid");
  CHECK(x.e[text::site_id] == "default");
  CHECK(x.with(text_member("site_id", "A-z.0_9")) == "valid");
  CHECK(x.with(text_member("site_id", repeated("s", 100))) == "valid");
  CHECK(x.with(text_member("site_id", repeated("s", 101))) == "out_of_range");
  CHECK(x.with(text_member("site_id", "a/b")) == "out_of_range");
  CHECK(x.with(text_member("site_id", "a|b")) == "out_of_range");
  CHECK(x.with(text_member("site_id", "\xc3\xa4")) == "out_of_range");
  CHECK(x.with(R"("site_id":[])") == "wrong_type");
}

TEST_CASE("null and the empty string are absent, and of duplicate names the first counts") {
  web_fixture x;
  REQUIRE(x.with(R"("page_title":"","country":null,"page_load_time_ms":"","properties":null)") == "valid");
  CHECK(x.e[text::page_title].empty());
  CHECK_FALSE(x.e.has(number::page_load_time_ms));
  CHECK(x.e[text::properties].empty());
  REQUIRE(x.with(R"("country":"DE","country":"FR","city":null,"city":"Bonn","os":"a","os":5)") == "valid");
  CHECK(x.e[text::country] == "DE");
  CHECK(x.e[text::city].empty());
  CHECK(x.with(R"("event_id":null)") == "missing_field");
}

TEST_CASE("a URL is absolute, http or https, has a host, no space and at most 2,048 characters") {
  web_fixture x;
  const auto judged = [&](std::string_view url) { return x.with(text_member("page_url", url)); };
  for (const auto* url : {"/a", "example.com/a", "ftp://example.com/", "https:/example.com", "https://",
                          "https:///a", "https://?a", "https://:80/", "https://user@/a", "http//example.com",
                          "httpx://a.b/", "https://[]/", "mailto:a@b"}) {
    CAPTURE(url);
    CHECK(judged(url) == "invalid_url");
    CHECK(x.field() == "page_url");
  }
  for (const auto* url :
       {"https://example.com/a b", "https://example.com/a\\u0000", "https://exa\\tmple.com/", "/a b"}) {
    CAPTURE(url);
    CHECK(judged(url) == "out_of_range");
    CHECK(x.field() == "page_url");
  }
  CHECK(judged("http://a") == "valid");
  CHECK(judged("https://\xc3\xa4.example/\xe2\x82\xac") == "valid");
  const std::string prefix = "https://example.com/";
  CHECK(judged(prefix + repeated("\xc3\xa4", 2048 - prefix.size())) == "valid");
  CHECK(judged(prefix + repeated("a", 2049 - prefix.size())) == "out_of_range");
  CHECK(x.with(R"("page_url":{})") == "wrong_type");
}

TEST_CASE("texts are strings") {
  web_fixture x;
  for (const auto* field : {"page_path", "page_title", "referrer", "page_id", "user_agent", "ip_address",
                            "device_type", "browser", "browser_version", "os", "os_version", "device_brand",
                            "device_model", "country", "region", "city"}) {
    CAPTURE(field);
    CHECK(x.with("\"" + std::string(field) + "\":true") == "wrong_type");
    CHECK(x.field() == field);
  }
}

TEST_CASE("screen and viewport are WxH or integers from 0") {
  web_fixture x;
  for (const auto* field : {"screen_resolution", "viewport_size"}) {
    CHECK(x.with(text_member(field, "0x12345")) == "valid");
    for (const auto* bad : {"x", "1x", "x1", "1920", "1920X1080", "1920x1080x3", "19 x 20", "-1x2", "1.5x2"})
      CHECK(x.with(text_member(field, bad)) == "out_of_range");
    CHECK(x.with("\"" + std::string(field) + "\":1920") == "wrong_type");
  }
  for (const auto* field : {"screen_width", "screen_height", "viewport_width", "viewport_height"}) {
    const auto judged = [&](std::string_view value) {
      return x.with("\"" + std::string(field) + "\":" + std::string(value));
    };
    CHECK(judged("0") == "valid");
    CHECK(judged("18446744073709551615") == "valid");
    CHECK(judged("-1") == "out_of_range");
    CHECK(judged("1.0") == "wrong_type");
    CHECK(judged("1e3") == "wrong_type");
    CHECK(judged("\"1\"") == "wrong_type");
  }
}

TEST_CASE("load times are integers up to ten minutes") {
  web_fixture x;
  for (const auto* field : {"page_load_time_ms", "dom_interactive_ms", "dom_complete_ms"}) {
    const auto judged = [&](std::string_view value) {
      return x.with("\"" + std::string(field) + "\":" + std::string(value));
    };
    CHECK(judged("600000") == "valid");
    CHECK(judged("600001") == "out_of_range");
    CHECK(judged("-1") == "out_of_range");
    CHECK(judged("12.5") == "wrong_type");
    CHECK(judged("true") == "wrong_type");
  }
}

TEST_CASE("numbers are at most 10^12, a scroll depth is a percentage") {
  web_fixture x;
  CHECK(x.with(R"("event_value":1e12)", "custom_event") == "valid");
  CHECK(x.with(R"("event_value":-1000000000000)", "custom_event") == "valid");
  CHECK(x.with(R"("event_value":1000000000001)", "custom_event") == "out_of_range");
  CHECK(x.with(R"("event_value":"1")", "custom_event") == "wrong_type");
  CHECK(x.with(R"("x_position":-1e13)", "click") == "out_of_range");
  CHECK(x.with(R"("scroll_depth":100)", "scroll") == "valid");
  CHECK(x.with(R"("scroll_depth":99.5)", "scroll") == "valid");
  CHECK(x.with(R"("scroll_depth":100.5)", "scroll") == "out_of_range");
  CHECK(x.with(R"("scroll_depth":-0.1)", "scroll") == "out_of_range");
}

TEST_CASE("booleans and objects have their types") {
  web_fixture x;
  CHECK(x.with(R"("form_success":1)", "form_submit") == "wrong_type");
  CHECK(x.with(R"("form_success":"true")", "form_submit") == "wrong_type");
  CHECK(x.with(R"("autoplay":"yes")", "video_play") == "wrong_type");
  for (const auto* field : {"properties", "metadata", "user_props"}) {
    CHECK(x.with("\"" + std::string(field) + "\":[]") == "wrong_type");
    CHECK(x.with("\"" + std::string(field) + "\":\"{}\"") == "wrong_type");
  }
  CHECK(x.with(R"("form_fields":[])", "form_submit") == "wrong_type");
}

TEST_CASE("a timestamp is a time") {
  web_fixture x;
  const auto judged = [&](std::string_view value) { return x.with("\"timestamp\":" + std::string(value)); };
  CHECK(judged("1708252200") == "valid");
  CHECK(x.e.time == 1708252200000);
  CHECK(judged("\"2024-02-18t11:30:00.250999+01:00\"") == "valid");
  CHECK(x.e.time == 1708252200250);
  for (const auto* bad : {"17082522000", "1.5", "1708252200.0", "-1708252200", "1e9", "18446744073709551615",
                          "0", "\"yesterday\"", "\"1708252200000\"", "\"2024-02-30T00:00:00Z\""}) {
    CAPTURE(bad);
    CHECK(judged(bad) == "invalid_timestamp");
    CHECK(x.field() == "timestamp");
  }
  CHECK(judged("true") == "wrong_type");
  CHECK(judged("{}") == "wrong_type");
}

TEST_CASE("an event is not from the future, nor from too long ago") {
  web_fixture x;
  const auto at = [&](std::int64_t time) { return x.with("\"timestamp\":" + std::to_string(time)); };
  CHECK(at(x.record_time + 300'000) == "valid");
  CHECK(at(x.record_time + 300'001) == "timestamp_in_future");
  CHECK(at(1'000'000'000) == "valid");
  x.r.validation.max_age = 60'000;
  CHECK(at(x.record_time - 60'000) == "valid");
  CHECK(at(x.record_time - 60'001) == "timestamp_too_old");
  x.r.validation.max_future = unlimited;
  CHECK(at(9'999'999'999'999) == "valid");
}

TEST_CASE("the first fault in the order of the fields is the reason, wherever it stands in the record") {
  web_fixture x;
  CHECK(x.with(R"("page_title":1,"site_id":"/","timestamp":"x","event_id":5)") == "wrong_type");
  CHECK(x.field() == "event_id");
  CHECK(x.with(R"("page_title":1,"site_id":"/","timestamp":"x")") == "invalid_timestamp");
  CHECK(x.with(R"("page_title":1,"site_id":"/")") == "out_of_range");
  CHECK(x.with(R"("timestamp":99999999999,"event_type":"nothing")") == "unknown_event_type");
  CHECK(x.with(R"("form_success":5,"form_id":5,"user_props":5)", "form_submit") == "wrong_type");
  CHECK(x.field() == "user_props");
  CHECK(x.with(R"("form_success":null,"form_error":5)", "form_submit") == "missing_field");
  CHECK(x.with(R"("form_success":null,"form_name":5)", "form_submit") == "wrong_type");
  CHECK(x.with(R"("timestamp":9999999999999,"session_id":5)") == "timestamp_in_future");
}

TEST_CASE("a record has a size") {
  web_fixture x;
  const std::string padding(1 << 20, ' ');
  CHECK(x.decode(padding + "{") == "oversize");
  CHECK(x.field().empty());
  CHECK(x.f.message == "expected a record of at most 1048576 bytes, got more than 1048576 bytes");
  CHECK(x.decode(padding + "{ ") == "oversize");
  CHECK(x.f.message == "expected a record of at most 1048576 bytes, got 1048578 bytes");
  CHECK(x.decode(padding) == "malformed_json");
  const auto largest =
      R"({"event_id":"e","event_type":"session_end","timestamp":1708252200,"session_id":"s"})" + padding;
  CHECK(x.decode(largest.substr(0, 1 << 20)) == "valid");
}

TEST_CASE("a record is one JSON object") {
  web_fixture x;
  for (const auto* other : {"[]", "1", "\"a\"", "null", "true", "[{}]"}) {
    CAPTURE(other);
    CHECK(x.decode(other) == "not_an_object");
    CHECK(x.field().empty());
  }
  for (const auto* bad :
       {"", " ", "{", "{}{}", "{} x", "{'a':1}", "{\"a\":01}", "{\"a\":1,}", "\xef\xbb\xbf{}",
        "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "{\"a\":NaN}", "{\"a\":1e400}",
        "{\"a\":18446744073709551616}", "{\"a\":-9223372036854775809}", "{\"\\ud800\":1}"}) {
    CAPTURE(bad);
    CHECK(x.decode(bad) == "malformed_json");
  }
  CHECK(x.decode("{\"a\":01}") == "malformed_json");
  CHECK(x.f.message == "expected ',' or '}' at byte 6, got \"1\"");
}

TEST_CASE("a message never shows personal data: of what may hold it, it says what kind of value came") {
  web_fixture x;
  const auto message = [&](const std::string& members) {
    x.with(members);
    return x.f.message;
  };
  CHECK(message(R"("ip_address":["203.0.113.7","10.0.0.1"])") ==
        "ip_address: expected a string, got an array");
  CHECK(message(R"("ip_address":3405803783)") == "ip_address: expected a string, got an integer");
  CHECK(message(R"("user_id":42)") == "user_id: expected a string of 1 to 128 characters, got an integer");
  CHECK(message(R"("visitor_id":{"id":"alice"})") ==
        "visitor_id: expected a string of 1 to 128 characters, got an object");
  CHECK(message(R"("country":{"ip_address":"203.0.113.7"})") == "country: expected a string, got an object");
  CHECK(message(R"("country":7)") == "country: expected a string, got \"7\"");
  x.decode(R"([{"user_id":"alice","ip_address":"203.0.113.7"}])");
  CHECK(x.f.message == "expected a JSON object, got an array");
  x.decode(R"("alice")");
  CHECK(x.f.message == "expected a JSON object, got a string");
  x.decode(R"({"a":alice})");
  CHECK(x.f.message == "expected a value at byte 5, got \"a\"");
  x.decode("{'user_id':'alice'}");
  CHECK(x.f.message == "expected a name in quotes at byte 1, got \"'\"");
  x.decode("{\"a\" \xc3\xa4lice}");
  CHECK(x.f.message == "expected ':' at byte 5, got \"\xc3\xa4\"");
}

TEST_CASE("level 33 is too deep, an empty one too") {
  web_fixture x;
  const auto nested = [&](std::size_t levels, std::string_view inside) {
    return x.with("\"properties\":" + repeated("{\"a\":", levels - 2) + std::string(inside) +
                  repeated("}", levels - 2));
  };
  CHECK(nested(32, "{}") == "valid");
  CHECK(nested(32, "{\"b\":[1,\"x\"]}") == "too_deep");
  CHECK(nested(32, "{\"b\":1}") == "valid");
  CHECK(nested(31, "{\"b\":[]}") == "valid");
  CHECK(x.e[text::properties].size() == 29 * 6 + 8);
  CHECK(nested(33, "{}") == "too_deep");
  CHECK(nested(33, "[]") == "too_deep");
  CHECK(x.decode(repeated("[", 32) + repeated("]", 32)) == "not_an_object");
  CHECK(x.decode(repeated("[", 33) + repeated("]", 33)) == "too_deep");
}

TEST_CASE("of too deep and malformed what comes first in the record wins") {
  web_fixture x;
  CHECK(x.decode(repeated("[", 33)) == "too_deep");
  CHECK(x.decode(repeated("[", 32)) == "malformed_json");
  CHECK(x.decode(repeated("[", 33) + "\xff\"") == "too_deep");
  CHECK(x.decode("[\"\xff\"," + repeated("[", 40)) == "malformed_json");
  CHECK(x.decode("[01," + repeated("[", 40)) == "malformed_json");
  CHECK(x.decode("[1e400," + repeated("[", 40)) == "malformed_json");
  CHECK(x.decode(repeated("[", 20) + "{," + repeated("[", 40)) == "malformed_json");
}

TEST_CASE("the depth is a rule") {
  web_fixture x;
  x.r.validation.max_depth = 1;
  CHECK(x.with("") == "valid");
  CHECK(x.with(R"("properties":{})") == "too_deep");
  x.r.validation.max_depth = 100;
  CHECK(x.with("\"properties\":{\"a\":" + repeated("[", 98) + repeated("]", 98) + "}") == "valid");
  CHECK(x.with("\"properties\":{\"a\":" + repeated("[", 99) + repeated("]", 99) + "}") == "too_deep");
}
