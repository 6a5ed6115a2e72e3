#include <doctest/doctest.h>

#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

event referred(session_fixture& f, std::int64_t time, std::string_view referrer, std::string_view url = {}) {
  auto e = f.view(time);
  e[text::referrer] = referrer;
  if (!url.empty()) e[text::page_url] = url;
  return e;
}

goal purchase() {
  goal g;
  g.id = "purchase";
  g.event.name = "buy";
  g.revenue = true;
  return g;
}

event worth(session_fixture& f, std::int64_t time, double value) {
  auto e = f.custom(time, "buy");
  e.set(number::event_value, value);
  return e;
}

}  // namespace

TEST_CASE(
    "the class of traffic goes by the original URL, the names that are kept are those of the masked one") {
  session_fixture f;
  auto e = referred(f, noon, "https://www.google.com/search?q=ann@x.de",
                    "https://shop.example/?gclid=+4930123456&utm_campaign=%2B4930123456");
  const masked_text masked[] = {{text::page_url, "https://shop.example/?gclid=(phone)&utm_campaign=(phone)"},
                                {text::referrer, "https://www.google.com/search?q=(email)"}};
  e.masked = masked;
  f.give(e);
  CHECK(f.only().came_from().medium == "paid");
  CHECK(f.only().came_from().source == "google");
  CHECK(f.only().came_from().campaign == "(phone)");
  CHECK(f.only().came_from().term == "(email)");
}

TEST_CASE("personal data in a session_start's claim is masked, unless that is off") {
  for (const bool mask : {true, false}) {
    session_fixture f;
    f.settings.mask_pii = mask;
    auto e = f.make(event_type::session_start, noon);
    e[text::traffic_source] = "ann@x.de";
    e[text::campaign_name] = "for +4930123456";
    f.give(e);
    CHECK(f.only().came_from().source == (mask ? "(email)" : "ann@x.de"));
    CHECK(f.only().came_from().campaign == (mask ? "for (phone)" : "for +4930123456"));
  }
}

TEST_CASE("every type of event is counted") {
  session_fixture f;
  for (const auto type :
       {event_type::page_view, event_type::click, event_type::scroll, event_type::form_submit,
        event_type::video_play, event_type::session_start, event_type::session_end})
    f.give(f.make(type, noon));
  auto submitted = f.make(event_type::form_submit, noon);
  submitted.form_success = flag::yes;
  f.give(submitted);
  f.give(f.custom(noon, "form_start"));
  f.give(f.custom(noon, "other"));
  const auto& s = f.only();
  CHECK(s.events == 10);
  CHECK(s.page_views == 1);
  CHECK(s.clicks == 1);
  CHECK(s.scrolls == 1);
  CHECK(s.form_submits == 2);
  CHECK(s.form_successes == 1);
  CHECK(s.video_plays == 1);
  CHECK(s.custom_events == 2);
  CHECK(s.form_starts == 1);
  CHECK(s.has_end);
}

TEST_CASE("entry, exit and pages go by time, not by arrival") {
  session_fixture f;
  f.give_view(noon + 2 * minute, "/c");
  f.give_view(noon, "/a");
  f.give_view(noon + minute, "/b");
  const auto& s = f.only();
  REQUIRE(s.pages.size() == 3);
  CHECK(s.pages[0].path == "/a");
  CHECK(s.pages[1].path == "/b");
  CHECK(s.pages[2].path == "/c");
  CHECK(s.exit->path == "/c");
}

TEST_CASE("views of one time go by partition order") {
  session_fixture f;
  for (const auto* path : {"/1", "/2", "/3"}) f.give_view(noon, path);
  CHECK(f.only().pages.front().path == "/1");
  CHECK(f.only().exit->path == "/3");
}

TEST_CASE("time on page runs to the next view, on the last page to the last event") {
  session_fixture f;
  f.give_view(noon, "/a");
  f.give_view(noon + minute, "/b");
  f.give(f.make(event_type::click, noon + 3 * minute, "/b"));
  CHECK(f.only().time_on_page(0) == minute);
  CHECK(f.only().time_on_page(1) == 2 * minute);
}

TEST_CASE("the first views by time are kept, however late they come, and the exit beyond them") {
  session_fixture f;
  f.settings.time.allowed_lateness = 10 * hour;
  for (int i = 1; i <= 300; ++i) f.give_view(noon + i * second, "/p");
  f.give_view(noon, "/early");
  const auto& s = f.only();
  CHECK(s.pages.size() == 201);  // one more than published: it ends the last one's time
  CHECK(s.pages.front().path == "/early");
  CHECK(s.pages.back().at.time == noon + 200 * second);
  CHECK(s.exit->at.time == noon + 300 * second);
  CHECK(s.time_on_page(199) == second);
}

TEST_CASE("the first paths by partition order are kept with views and deepest scroll") {
  session_fixture f;
  for (int i = 0; i < 250; ++i) f.give_view(noon + i, "/" + std::to_string(i));
  auto deep = f.make(event_type::scroll, noon, "/7");
  deep.set(number::scroll_depth, 80);
  f.give(deep);
  f.give(f.make(event_type::scroll, noon, "/7"));
  f.give_view(noon, "/249");
  const auto& s = f.only();
  REQUIRE(s.paths.size() == 200);
  CHECK(s.paths[7].deepest_scroll == 80);
  CHECK(s.paths[7].views == 1);
  CHECK(s.paths.back().path == "/199");
  CHECK(s.page_views == 251);
}

TEST_CASE("a scroll names a path without a view") {
  session_fixture f;
  f.give(f.make(event_type::scroll, noon, "/s"));
  REQUIRE(f.only().paths.size() == 1);
  CHECK(f.only().paths[0].views == 0);
  CHECK(f.only().paths[0].deepest_scroll == 50);
  CHECK(f.only().max_scroll_depth == 50);
  CHECK(f.only().pages.empty());
}

TEST_CASE("on a bridge paths are the first of both by first appearance, each with what was known of it") {
  session_fixture f;
  f.give_view(noon + 50 * minute, "/x");
  f.give_view(noon, "/y");
  f.give_view(noon, "/x");
  f.give_view(noon + 25 * minute, "/z");
  const auto& s = f.only();
  REQUIRE(s.paths.size() == 3);
  CHECK(s.paths[0].path == "/x");
  CHECK(s.paths[0].views == 2);
  CHECK(s.paths[1].path == "/y");
  CHECK(s.paths[2].path == "/z");
}

TEST_CASE("on a bridge what one session had dropped stays dropped") {
  session_fixture f;
  f.settings.time.allowed_lateness = 10 * hour;
  for (int i = 0; i < 201; ++i) f.give_view(noon + i, "/" + std::to_string(i));
  f.give_view(noon + 50 * minute, "/other");
  f.give_view(noon + 25 * minute, "/200");
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().paths.size() == 200);
  CHECK(f.only().paths.back().path == "/199");
}

TEST_CASE("scalars are those of the earliest event that carries them") {
  session_fixture f;
  const auto claim = [&](std::int64_t time, std::string_view browser, std::string_view country) {
    auto e = f.view(time);
    e[text::browser] = browser;
    e[text::country] = country;
    f.give(e);
  };
  claim(noon + minute, "Firefox", "DE");
  claim(noon + 2 * minute, "Chrome", "FR");
  CHECK(f.only().scalar_value(scalar::browser) == "Firefox");
  claim(noon, "unknown", "AT");
  claim(noon, "", "CH");
  claim(noon + 30 * second, "(none)", "");
  CHECK(f.only().scalar_value(scalar::browser) == "Firefox");
  CHECK(f.only().scalar_value(scalar::country) == "AT");
}

TEST_CASE("a device type by screen width counts as carried") {
  session_fixture f;
  auto e = f.view(noon);
  e[text::device_type] = "unknown";
  f.give(e);
  CHECK(f.only().scalar_value(scalar::device_type).empty());
  auto wide = f.view(noon + minute);
  wide.set(number::screen_width, 1920);
  f.give(wide);
  CHECK(f.only().scalar_value(scalar::device_type) == "desktop");
}

TEST_CASE("a session of one page view is a bounce and may be engaged") {
  session_fixture f;
  f.give_view(noon);
  CHECK(f.only().bounced());
  CHECK_FALSE(f.only().engaged());
  f.give(f.make(event_type::click, noon + 10 * second));
  CHECK_FALSE(f.only().engaged());
  f.give(f.make(event_type::click, noon + 10 * second + 1));
  CHECK(f.only().bounced());
  CHECK(f.only().engaged());
}

TEST_CASE("two views or a conversion make a session engaged") {
  session_fixture f, g;
  f.give_view(noon);
  f.give_view(noon);
  CHECK(f.only().engaged());
  CHECK_FALSE(f.only().bounced());
  g.settings.goals = {purchase()};
  g.give(g.custom(noon, "buy"));
  CHECK(g.only().engaged());
}

TEST_CASE("revenue is the value of events that meet a goal with revenue, each paid once") {
  session_fixture f;
  auto also = purchase(), free = purchase();
  also.id = "also";
  free.id = "free";
  free.revenue = false;
  f.settings.goals = {purchase(), also, free};
  f.give(worth(f, noon, 19.99));
  f.give(worth(f, noon, 0.000001));
  f.give(f.custom(noon, "buy"));
  CHECK(f.only().revenue == 19'990'001);
  CHECK(f.only().goals == std::vector<std::uint16_t>{0, 1, 2});
}

TEST_CASE("a goal without revenue pays nothing") {
  session_fixture f;
  f.settings.goals = {purchase()};
  f.settings.goals[0].revenue = false;
  f.give(worth(f, noon, 5));
  CHECK(f.only().revenue == 0);
  CHECK(f.only().goals.size() == 1);
}

TEST_CASE("absurd amounts do no harm") {
  session_fixture f;
  f.settings.goals = {purchase()};
  for (int i = 0; i < 20; ++i) f.give(worth(f, noon, 1e12));
  CHECK(f.only().events == 20);
}

TEST_CASE("the source is that of the first page view that is neither direct nor dark") {
  session_fixture f;
  f.give(referred(f, noon, ""));
  CHECK(f.only().came_from().medium == "direct");
  f.give(referred(f, noon + 2 * minute, "https://www.facebook.com/"));
  CHECK(f.only().came_from().source == "Facebook");
  f.give(referred(f, noon + 3 * minute, "https://www.google.com/search?q=x"));
  CHECK(f.only().came_from().source == "Facebook");
  f.give(referred(f, noon + minute, "https://www.google.com/search?q=x"));
  CHECK(f.only().came_from().source == "Google");
  CHECK(f.only().came_from().medium == "organic");
}

TEST_CASE("a claim of session_start decides only when no page view tells") {
  session_fixture f;
  auto start = f.make(event_type::session_start, noon);
  start[text::traffic_source] = "newsletter";
  start[text::traffic_medium] = "email";
  f.give(referred(f, noon, ""));
  f.give(start);
  CHECK(f.only().came_from().source == "newsletter");
  CHECK(f.only().came_from().medium == "email");
  f.give(referred(f, noon + minute, "https://www.google.com/"));
  CHECK(f.only().came_from().medium == "organic");
}

TEST_CASE("a claim that says direct is none") {
  session_fixture f;
  auto start = f.make(event_type::session_start, noon);
  start[text::traffic_source] = "direct";
  f.give(start);
  f.give(referred(f, noon, "about:blank"));
  CHECK(f.only().came_from().medium == "dark");
}

TEST_CASE("a session without a page view and without a claim is direct") {
  session_fixture f;
  f.give(f.custom(noon, "x"));
  CHECK(f.only().came_from().source == "(direct)");
  CHECK(f.only().came_from().medium == "direct");
  CHECK(f.only().came_from().campaign == "(none)");
}

TEST_CASE("the referrer host is that of the first page view whose referrer is not our own") {
  session_fixture f;
  f.give(referred(f, noon, "", "https://shop.example/?utm_source=spring"));
  f.give(referred(f, noon + minute, "https://shop.example/"));
  f.give(referred(f, noon + 3 * minute, "https://b.example/"));
  CHECK(f.only().referrer_host.value == "b.example");
  f.give(referred(f, noon + 2 * minute, "https://a.example/"));
  CHECK(f.only().referrer_host.value == "a.example");
  CHECK(f.only().came_from().source == "spring");
}

TEST_CASE("on a bridge the best evidence of both decides the source") {
  session_fixture f;
  f.give(referred(f, noon, ""));
  f.give(referred(f, noon + 50 * minute, "https://www.google.com/"));
  f.give(f.make(event_type::click, noon + 25 * minute));
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().came_from().source == "Google");
}

TEST_CASE("hits of funnel steps are kept by time, the first thousand") {
  session_fixture f;
  f.settings.funnels = {{"buy", funnel::reach::session, 24 * hour, {{"cart", {}}, {"paid", {}}}}};
  f.settings.funnels[0].steps[0].match.page_path = "/cart*";
  f.settings.funnels[0].steps[1].match.page_path = "/cart/paid";
  f.give_view(noon + second, "/cart/paid");
  f.give_view(noon, "/cart");
  f.give_view(noon, "/other");
  REQUIRE(f.only().hits.size() == 2);
  CHECK(f.only().hits[0].steps == 1);
  CHECK(f.only().hits[1].steps == 3);
  for (int i = 0; i < 1000; ++i) f.give_view(noon + second + i, "/cart");
  CHECK(f.only().hits.size() == 1000);
  CHECK(f.only().hits.back().at.time == noon + second + 997);
}

TEST_CASE("quality adds up in hundredths") {
  session_fixture f;
  for (const auto score : {0.7, 1.0, 0.55}) {
    auto e = f.view(noon);
    e.quality = score;
    f.give(e);
  }
  CHECK(f.only().quality_sum == 225);
}

TEST_CASE("texts that no one writes are cut at a code point") {
  session_fixture f;
  std::string path = "/";
  while (path.size() < 10'000) path += "\xc3\xa4";
  f.give_view(noon, path);
  CHECK(f.only().pages[0].path.size() == 8191);
  CHECK(f.only().paths[0].path.size() == 8191);
}
