#include <doctest/doctest.h>

#include "pipeline/session/session_record.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

std::string value_of(const session& s, const rules& r, const withdrawal& why = {}) {
  outbox out;
  put_session({"topic", "site", "s1"}, s, r, why, "u", 0, out);
  CHECK(out.key(out.records().at(0)) == "site|u");
  CHECK(out.records()[0].partition == -1);
  return std::string(out.value(out.records()[0]));
}

session long_session() {
  session s;
  s.events = s.page_views = 200;
  for (int i = 0; i < 200; ++i) s.pages.push_back({{i, i}, "/" + std::string(1000, 'x') + std::to_string(i)});
  s.exit = s.pages.back();
  return s;
}

}  // namespace

TEST_CASE("a session's record has all that it carries") {
  session_fixture f;
  f.settings.goals.resize(2);
  f.settings.goals[0] = {"cart", {{}, "", "/cart", 0}, false};
  f.settings.goals[1] = {"buy", {event_type::custom_event, "buy", "", 0}, true};
  f.settings.funnels = {
      {"f", funnel::reach::session, hour, {{"a", {{}, "", "/", 0}}, {"b", {{}, "", "/cart", 0}}}}};
  auto first = f.view(noon);
  first[text::visitor_id] = "v";
  first[text::referrer] = "https://www.google.com/search?q=boots";
  first[text::browser] = "Firefox";
  first[text::country] = "DE";
  first.set(number::screen_width, 400);
  f.give(first);
  f.give(f.make(event_type::scroll, noon + minute));
  f.give_view(noon + 2 * minute, "/cart");
  auto bought = f.custom(noon + 3 * minute, "buy");
  bought[text::user_id] = "u";
  bought.quality = 0.5;
  bought.set(number::event_value, 12.5);
  f.give(bought);
  f.commit(noon + hour);
  REQUIRE(f.records.records().size() == 1);
  CHECK(f.records.key(f.records.records()[0]) == "default|u");
  CHECK(
      f.records.value(f.records.records()[0]) ==
      R"x({"session_key":"topic_web_events|default|s1|1704110400000","session_id":"s1","site_id":"default",)x"
      R"x("source_topic":"topic_web_events","source_partition":0,"user_id":"u","visitor_id":"v",)x"
      R"x("started_at":1704110400000,)x"
      R"x("ended_at":1704110580000,"duration_ms":180000,"events":4,"page_views":2,"unique_pages":2,"clicks":0,)x"
      R"x("scrolls":1,"form_starts":0,"form_submits":0,"form_successes":0,"video_plays":0,"custom_events":1,)x"
      R"x("max_scroll_depth":50,"entry_page":"/","exit_page":"/cart",)x"
      R"x("pages":[{"path":"/","at":1704110400000,"time_on_page_ms":120000},)x"
      R"x({"path":"/cart","at":1704110520000,"time_on_page_ms":60000}],"longest_on_page_ms":120000,)x"
      R"x("source":"Google","medium":"organic","campaign":"(none)","search_term":"boots",)x"
      R"x("referrer_host":"google.com","device_type":"mobile","browser":"Firefox","country":"DE",)x"
      R"x("is_bounce":false,"is_engaged":true,"conversions":["cart","buy"],"revenue":12.5,"funnel_steps":{"f":2},)x"
      R"x("quality_score":0.875,"is_bot":false,"bot_score":0,"bot_reasons":[],"duplicates":0,"late":0,"close_reason":"timeout","revision":1})x");
}

TEST_CASE("a session without a page view has no entry and no exit page") {
  session_fixture f;
  f.give(f.custom(noon, "x"));
  f.commit(noon + hour);
  CHECK(f.last_published()["entry_page"].empty());
  CHECK(f.last_published()["exit_page"].empty());
  CHECK(f.last_published()["pages"] == "[]");
  CHECK(f.last_published()["source"] == "\"(direct)\"");
}

TEST_CASE("only a withdrawn session says so") {
  const session s;
  const rules r;
  CHECK(value_of(s, r).find("withdrawn") == std::string::npos);
  CHECK(value_of(s, r, {"k", {}}).find(R"("withdrawn":true,"merged_into":"k","revision")") !=
        std::string::npos);
  CHECK(value_of(s, r, {{}, "x"}).find(R"("withdrawn":true,"moved_to":"x","revision")") != std::string::npos);
}

TEST_CASE("200 pages are published, the last one's time ends with the view after it") {
  session_fixture f;
  for (int i = 0; i < 205; ++i) f.give_view(noon + i * second, "/p");
  f.commit(noon + hour);
  const auto pages = f.last_published()["pages"];
  CHECK(std::count(pages.begin(), pages.end(), '{') == 200);
  CHECK(pages.find("\"time_on_page_ms\":5000") == std::string::npos);
  CHECK(f.last_published()["pages_truncated"].empty());
}

TEST_CASE("a record over the limit loses pages from the end and says so") {
  rules r;
  r.max_output_bytes = 60'000;
  const auto value = value_of(long_session(), r);
  CHECK(value.size() <= 60'000);
  CHECK(value.size() > 20'000);
  CHECK(value.find("\"pages_truncated\":true") != std::string::npos);
  CHECK(value.find("xxx0\",\"at\":0") != std::string::npos);
}

TEST_CASE("a record whose texts alone are over the limit has them cut") {
  rules r;
  r.max_output_bytes = 2'000;
  const auto value = value_of(long_session(), r);
  CHECK(value.size() <= 2'000);
  CHECK(value.find("\"texts_truncated\":true") != std::string::npos);
}

TEST_CASE("goals and funnels that the configuration has no more are left out") {
  session s;
  s.goals = {7};
  s.hits = {{{0, 0}, 9, 1}};
  CHECK(value_of(s, {}).find(R"("conversions":[],"revenue":0,"funnel_steps":{})") != std::string::npos);
}
