#include "pipeline/event/web_decoder.hpp"

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

TEST_CASE("a full page view becomes an event with every field") {
  web_fixture x;
  REQUIRE(
      x.decode(
          R"({"event_id":"e1","event_type":"page_view","timestamp":"2024-02-18T10:30:00.250Z","session_id":"s1",)"
          R"("user_id":"u1","visitor_id":"v1","site_id":"shop","page_url":"https://example.com/a","page_path":"/b",)"
          R"("page_id":"p","page_title":"A \"title\"","referrer":"https://r.example/","user_agent":"Agent/1",)"
          R"("ip_address":"192.0.2.77","device_type":"tablet","browser":"Firefox","browser_version":"1","os":"BSD",)"
          R"("os_version":"2","device_brand":"B","device_model":"M","country":"DE","region":"BE","city":"Berlin",)"
          R"("screen_resolution":"1920x1080","viewport_size":"800x600","screen_width":1920,"screen_height":1080,)"
          R"("viewport_width":800,"viewport_height":600,"properties":{"a": [1, {"b":null}]},"metadata":{},)"
          R"("user_props":{"plan":"x"},"page_load_time_ms":600000,"dom_interactive_ms":0,"dom_complete_ms":17})") ==
      "valid");
  const auto& e = x.e;
  CHECK(e.type == event_type::page_view);
  CHECK(e.time == 1708252200250);
  CHECK(e[text::event_id] == "e1");
  CHECK(e[text::session_id] == "s1");
  CHECK(e[text::user_id] == "u1");
  CHECK(e[text::visitor_id] == "v1");
  CHECK(e[text::site_id] == "shop");
  CHECK(e[text::page_url] == "https://example.com/a");
  CHECK(e[text::page_path] == "/b");
  CHECK(e[text::page_id] == "p");
  CHECK(e[text::page_title] == "A \"title\"");
  CHECK(e[text::referrer] == "https://r.example/");
  CHECK(e[text::user_agent] == "Agent/1");
  CHECK(e[text::ip_address] == "192.0.2.77");
  CHECK(e[text::device_type] == "tablet");
  CHECK(e[text::browser] == "Firefox");
  CHECK(e[text::browser_version] == "1");
  CHECK(e[text::os] == "BSD");
  CHECK(e[text::os_version] == "2");
  CHECK(e[text::device_brand] == "B");
  CHECK(e[text::device_model] == "M");
  CHECK(e[text::country] == "DE");
  CHECK(e[text::region] == "BE");
  CHECK(e[text::city] == "Berlin");
  CHECK(e[text::screen_resolution] == "1920x1080");
  CHECK(e[text::viewport_size] == "800x600");
  CHECK(e[number::screen_width] == 1920);
  CHECK(e[number::screen_height] == 1080);
  CHECK(e[number::viewport_width] == 800);
  CHECK(e[number::viewport_height] == 600);
  CHECK(e[text::properties] == R"({"a": [1, {"b":null}]})");
  CHECK(e[text::metadata] == "{}");
  CHECK(e[text::user_props] == R"({"plan":"x"})");
  CHECK(e[number::page_load_time_ms] == 600000);
  CHECK(e.has(number::dom_interactive_ms));
  CHECK(e[number::dom_interactive_ms] == 0);
  CHECK(e[number::dom_complete_ms] == 17);
  CHECK_FALSE(e.session_derived);
  CHECK_FALSE(e.empty_agent);
  CHECK(e.quality == 1);
}

TEST_CASE("each type takes its own fields and leaves those of other types") {
  web_fixture x;
  REQUIRE(
      x.with(R"("element_id":"i","element_class":"c","element_text":"t","x_position":-1.5,"y_position":2,)"
             R"("target_url":"mailto:a@b","form_id":7,"autoplay":"x")",
             "click") == "valid");
  CHECK(x.e[text::element_id] == "i");
  CHECK(x.e[text::element_class] == "c");
  CHECK(x.e[text::element_text] == "t");
  CHECK(x.e[number::x_position] == -1.5);
  CHECK(x.e[number::y_position] == 2);
  CHECK(x.e[text::target_url] == "mailto:a@b");
  CHECK(x.e[text::form_id].empty());
  CHECK_FALSE(x.e.has(number::scroll_depth));

  REQUIRE(x.with(R"("scroll_direction":"down","scroll_position_y":10,"page_height":20.5)", "scroll") ==
          "valid");
  CHECK(x.e[number::scroll_depth] == 50);
  CHECK(x.e[text::scroll_direction] == "down");
  CHECK(x.e[number::scroll_position_y] == 10);
  CHECK(x.e[number::page_height] == 20.5);

  REQUIRE(x.with(R"("form_id":"f","form_name":"n","form_error":"bad","form_fields":{"a":1})",
                 "form_submit") == "valid");
  CHECK(x.e[text::form_id] == "f");
  CHECK(x.e[text::form_name] == "n");
  CHECK(x.e.form_success == flag::yes);
  CHECK(x.e[text::form_error] == "bad");
  CHECK(x.e[text::form_fields] == R"({"a":1})");

  REQUIRE(x.with(R"("video_title":"t","video_duration_seconds":9.5,"play_time_seconds":3,"autoplay":false)",
                 "video_play") == "valid");
  CHECK(x.e[text::video_id] == "film");
  CHECK(x.e[text::video_title] == "t");
  CHECK(x.e[number::video_duration_seconds] == 9.5);
  CHECK(x.e[number::play_time_seconds] == 3);
  CHECK(x.e.autoplay == flag::no);

  REQUIRE(x.with(R"("event_category":"c","event_label":"l","event_value":-12.25)", "custom_event") ==
          "valid");
  CHECK(x.e[text::event_name] == "signup");
  CHECK(x.e[text::event_category] == "c");
  CHECK(x.e[text::event_label] == "l");
  CHECK(x.e[number::event_value] == -12.25);

  REQUIRE(x.with(R"("traffic_source":"s","traffic_medium":"m","campaign_name":"n")", "session_start") ==
          "valid");
  CHECK(x.e[text::traffic_source] == "s");
  CHECK(x.e[text::traffic_medium] == "m");
  CHECK(x.e[text::campaign_name] == "n");
}

TEST_CASE("what session_end claims is kept and not checked") {
  web_fixture x;
  REQUIRE(x.with(R"("session_duration_seconds": 1.50 ,"pages_visited":["x"],"events_count":"many")",
                 "session_end") == "valid");
  CHECK(x.e[text::session_duration_seconds] == "1.50");
  CHECK(x.e[text::pages_visited] == R"(["x"])");
  CHECK(x.e[text::events_count] == R"("many")");
}

TEST_CASE("an object is kept on one line") {
  web_fixture x;
  REQUIRE(x.with("\"properties\":{\n  \"a\": \"b\\n \",\r\n\t\"c\":1\n}") == "valid");
  CHECK(x.e[text::properties].find('\n') == std::string_view::npos);
  CHECK(x.e[text::properties].find('\r') == std::string_view::npos);
  CHECK(x.e[text::properties].find(R"("b\n ")") != std::string_view::npos);
}

TEST_CASE("aliases are read as the names that they stand for") {
  web_fixture x;
  REQUIRE(x.with("", "pageview") == "valid");
  CHECK(x.e.type == event_type::page_view);
  REQUIRE(x.with(R"("event_name":"form_focus","form_id":"f")", "custom_event") == "valid");
  CHECK(x.e[text::event_name] == "form_start");
  CHECK(x.e[text::form_id] == "f");
}

TEST_CASE("a form is started with a form_id, other custom events have none") {
  web_fixture x;
  REQUIRE(x.with(R"("event_name":"form_start","form_id":"f")", "custom_event") == "valid");
  CHECK(x.e[text::form_id] == "f");
  REQUIRE(x.with(R"("event_name":"buy","form_id":"f")", "custom_event") == "valid");
  CHECK(x.e[text::form_id].empty());
  CHECK(x.with(R"("event_name":"form_start","form_id":1)", "custom_event") == "wrong_type");
}

TEST_CASE("an unknown type is refused, or a custom event of that name where the source accepts it") {
  web_fixture x;
  CHECK(x.with("", "purchase") == "unknown_event_type");
  CHECK(x.field() == "event_type");
  x.source.accept_unknown_types = true;
  REQUIRE(
      x.decode(R"({"event_id":"e","event_type":"purchase","timestamp":1708252200250,"session_id":"s"})") ==
      "valid");
  CHECK(x.e.type == event_type::custom_event);
  CHECK(x.e[text::event_name] == "purchase");
  REQUIRE(x.with(R"("form_id":"f")", "form_focus") == "valid");
  CHECK(x.e[text::event_name] == "form_start");
  CHECK(x.e[text::form_id] == "f");
  CHECK(x.with(R"("event_name":1)", "purchase") == "wrong_type");
}

TEST_CASE("an empty user agent is absent, but known to have been sent") {
  web_fixture x;
  REQUIRE(x.with(R"("user_agent":"")") == "valid");
  CHECK(x.e.empty_agent);
  REQUIRE(x.with(R"("user_agent":null)") == "valid");
  CHECK_FALSE(x.e.empty_agent);
  REQUIRE(x.with(R"("user_agent":"A","user_agent":"")") == "valid");
  CHECK_FALSE(x.e.empty_agent);
}

TEST_CASE("the path and the page's id come from the URL when they are absent") {
  web_fixture x;
  const auto path = [&](std::string_view url) {
    REQUIRE(x.with(text_member("page_url", url)) == "valid");
    CHECK(x.e[text::page_id] == x.e[text::page_path]);
    return x.e[text::page_path];
  };
  CHECK(path("https://example.com/a/b?x=1#y") == "/a/b");
  CHECK(path("https://example.com") == "/");
  CHECK(path("https://example.com?x=/y") == "/");
  CHECK(path("https://example.com#/y") == "/");
  CHECK(path("https://example.com/a%20b/?") == "/a%20b/");
  CHECK(path("HTTP://user@[::1]:8080/%C3%A4") == "/%C3%A4");
  REQUIRE(x.with(R"("page_path":"/given")") == "valid");
  CHECK(x.e[text::page_path] == "/given");
  CHECK(x.e[text::page_id] == "/given");
  REQUIRE(x.with(R"("page_id":"id")") == "valid");
  CHECK(x.e[text::page_path] == "/a/b");
  CHECK(x.e[text::page_id] == "id");
}

TEST_CASE("ids of users are hashed before anything is made of them") {
  web_fixture x;
  id_privacy ids("secret");
  web_decoder decoder(x.r, x.source, &ids);
  const auto decode = [&](const std::string& more) {
    const auto payload = R"({"event_id":"e","event_type":"session_end","timestamp":1708252200,)" + more + "}";
    return decoder.decode(payload, x.record_time, x.texts, x.e, x.f);
  };
  REQUIRE(decode(R"("user_id":"ann","visitor_id":"v")"));
  CHECK(x.e[text::user_id] == ids.hashed("ann", x.texts));
  CHECK(x.e[text::visitor_id] == ids.hashed("v", x.texts));
  CHECK(x.e[text::session_id] == "~" + std::string(ids.hashed("v", x.texts)));
  REQUIRE(decode(R"("session_id":"s","user_id":")" + ids.marked("ann") + "\""));
  CHECK(x.e[text::user_id] == ids.hashed("ann", x.texts));
  CHECK(x.e[text::session_id] == "s");
  CHECK(x.e[text::visitor_id].empty());
}

TEST_CASE("one decoder reads many records, large and small") {
  web_fixture x;
  web_decoder decoder(x.r, x.source);
  for (std::size_t size : {10, 100'000, 500, 900'000, 3}) {
    const auto payload =
        R"({"event_id":"e","event_type":"session_end","timestamp":1708252200,"session_id":"s","city":")" +
        repeated("c", size) + "\"}";
    REQUIRE(decoder.decode(payload, x.record_time, x.texts, x.e, x.f));
    CHECK(x.e[text::city].size() == size);
    CHECK_FALSE(decoder.decode("{", x.record_time, x.texts, x.e, x.f));
  }
}
