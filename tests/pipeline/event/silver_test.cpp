#include "pipeline/event/silver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

#include "pipeline/event/json_scan.hpp"
#include "tests/pipeline/event/web_decoder_fixture.hpp"

using namespace weir;
using weir::testing::web_fixture;

namespace {

constexpr std::uint64_t plenty = 900 * 1024;

std::string silver(const event& e, const silver_context& context = {"key", "false", 17},
                   std::uint64_t most = plenty, const record_source* from = nullptr) {
  std::string out = "before";
  write_silver(e, context, most, out, from);
  REQUIRE(out.starts_with("before"));
  out.erase(0, 6);
  CHECK(scan_json(out, 100).what == json_scan::verdict::valid);
  CHECK(out.size() <= most);
  return out;
}

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

TEST_CASE("silver is flat JSON of what is there, under the fields' names") {
  web_fixture x;
  REQUIRE(
      x.with(R"("user_agent":"A","country":"DE","x_position":1.5,"y_position":-2,"properties":{"a": [1]})",
             "click") == "valid");
  CHECK(
      silver(x.e) ==
      R"({"event_type":"click","timestamp":1708252200250,"event_id":"e1","session_id":"s1","visitor_id":"v1",)"
      R"("site_id":"default","page_url":"https://example.com/a/b?x=1#y","page_path":"/a/b","page_id":"/a/b",)"
      R"("user_agent":"A","country":"DE","properties":{"a": [1]},"x_position":1.5,"y_position":-2,"received_at":17,)"
      R"("session_key":"key","quality_score":1,"pii_masked":0,"late":false})");
}

TEST_CASE("silver says how late an event is: false, true or dropped") {
  web_fixture x;
  REQUIRE(x.with("") == "valid");
  CHECK(has(silver(x.e, {"key", "true", 1}),
            R"("session_key":"key","quality_score":0.8,"pii_masked":0,"late":true})"));
  CHECK(has(silver(x.e, {"", "dropped", 1}),
            R"("received_at":1,"quality_score":0.8,"pii_masked":0,"late":"dropped"})"));
}

TEST_CASE("silver has masked texts in place of the originals, and says how much was masked") {
  web_fixture x;
  REQUIRE(x.with(R"("form_fields":{"m":"ann@x.de"},"form_id":"f")", "form_submit") == "valid");
  const masked_text masked[] = {{text::page_url, "masked"}, {text::form_fields, R"x({"m":"(email)"})x"}};
  x.e.masked = masked;
  x.e.personal = 3;
  const auto written = silver(x.e);
  CHECK(has(written, R"("page_url":"masked",)"));
  CHECK(has(written, R"x("form_id":"f","form_fields":{"m":"(email)"})x"));
  CHECK(has(written, R"("pii_masked":3,)"));
}

TEST_CASE("silver says where a place is from, if there is one") {
  web_fixture x;
  REQUIRE(x.with("") == "valid");
  CHECK_FALSE(has(silver(x.e), "geo_source"));
  x.e.place = place_source::client;
  CHECK(has(silver(x.e), R"("geo_source":"client",)"));
  x.e.place = place_source::database;
  CHECK(has(silver(x.e), R"("geo_source":"database",)"));
}

TEST_CASE("weir.late has silver's JSON with reason and source") {
  web_fixture x;
  REQUIRE(x.with("") == "valid");
  const record_source from{"topic", 3, 12345678901, -5};
  CHECK(silver(x.e, {"", "dropped", 1}, plenty, &from)
            .ends_with(R"("late":"dropped","reason":"too_late","source":{"topic":"topic","partition":3,)"
                       R"("offset":12345678901,"timestamp":-5}})"));
}

TEST_CASE("booleans, claims and the empty agent are written") {
  web_fixture x;
  REQUIRE(x.with(R"("user_agent":"")", "form_submit") == "valid");
  CHECK(has(silver(x.e), R"("user_agent":"",)"));
  CHECK(has(silver(x.e), R"("form_success":true,)"));
  REQUIRE(x.with(R"("autoplay":false)", "video_play") == "valid");
  CHECK(has(silver(x.e), R"("autoplay":false,)"));
  REQUIRE(x.with(R"("pages_visited":"three","events_count":1.50)", "session_end") == "valid");
  CHECK(has(silver(x.e), R"("pages_visited":"three","events_count":1.50,)"));
}

TEST_CASE("a derived session is written") {
  web_fixture x;
  REQUIRE(x.with(R"("session_id":null)") == "valid");
  CHECK(has(silver(x.e), R"("session_id":"~v1",)"));
}

TEST_CASE("texts of every length and character are escaped as JSON asks") {
  event e;
  for (std::size_t length = 1; length < 40; ++length) {
    const std::string letters(length, 'x');
    e[text::page_title] = letters;
    CHECK(has(silver(e), "\"page_title\":\"" + letters + "\","));
    for (std::size_t at = 0; at < length; ++at) {
      for (const auto& [c, escaped] : {std::pair{'"', "\\\""},
                                       {'\\', "\\\\"},
                                       {'\n', "\\n"},
                                       {'\x01', "\\u0001"},
                                       {'\x1f', "\\u001f"},
                                       {'\0', "\\u0000"},
                                       {'\x7f', "\x7f"},
                                       {' ', " "},
                                       {'!', "!"}}) {
        auto changed = letters;
        changed[at] = c;
        e[text::page_title] = changed;
        const auto expected = letters.substr(0, at) + escaped + letters.substr(at + 1);
        CHECK(has(silver(e), "\"page_title\":\"" + expected + "\","));
      }
    }
  }
  e[text::page_title] = "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80";
  CHECK(has(silver(e), "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80\""));
}

TEST_CASE("texts longer than the writer's buffer are written whole") {
  event e;
  for (std::size_t length : {1900, 2000, 2030, 2040, 2047, 2048, 2049, 5000, 100'000}) {
    const std::string plain(length, 'p'), quotes(length, '"');
    e[text::page_title] = plain;
    e[text::referrer] = quotes;
    e[text::properties] = "{}";
    const auto out = silver(e);
    CHECK(has(out, "\"" + plain + "\""));
    CHECK(std::count(out.begin(), out.end(), '\\') == long(length));
  }
}

TEST_CASE("numbers read back the same") {
  event e;
  for (const auto& [x, written] : {std::pair{0.0, "0"},
                                   {-0.1, "-0.1"},
                                   {1e12, "1000000000000"},
                                   {0.1 + 0.2, "0.30000000000000004"},
                                   {1e-9, "1e-09"},
                                   {18446744073709551615.0, "1.8446744073709552e+19"},
                                   {-1e12, "-1000000000000"},
                                   {99.5, "99.5"}}) {
    e.set(number::event_value, x);
    const auto out = silver(e);
    const auto at = out.find("\"event_value\":") + 14;
    CHECK(std::stod(out.substr(at)) == x);
    CHECK(has(out, std::string("\"event_value\":") + written + ","));
  }
}

TEST_CASE("silver that is too long loses its objects and says so") {
  event e;
  const auto object = "{\"a\":\"" + std::string(2000, 'a') + "\"}";
  e[text::event_id] = "e1";
  e[text::page_title] = "title";
  e[text::properties] = e[text::metadata] = object;
  const auto out = silver(e, {"key", "false", 1}, 3000);
  CHECK(has(out, R"("page_title":"title",)"));
  CHECK(has(out, R"("truncated":true)"));
  CHECK_FALSE(has(out, "properties"));
  CHECK_FALSE(has(out, "metadata"));
  CHECK_FALSE(has(silver(e, {"key", "false", 1}, 6000), "truncated"));
}

TEST_CASE("silver whose texts are too long loses their ends, too") {
  event e;
  const std::string controls(600'000, '\b');
  e[text::event_id] = "e1";
  std::string umlauts;
  for (int i = 0; i < 300'000; ++i) umlauts += "\xc3\xa4";
  e[text::page_title] = controls;
  e[text::referrer] = umlauts;
  const auto out = silver(e);
  CHECK(has(out, R"("event_id":"e1",)"));
  CHECK(has(out, R"("truncated":true)"));
}
