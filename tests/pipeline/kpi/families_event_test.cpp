#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "tests/pipeline/kpi/kpi_fixture.hpp"

using namespace weir;
using namespace weir::kpi_test;

TEST_CASE_FIXTURE(kpi_fixture, "every event counts for its site, in the window of its time") {
  for (const auto type :
       {event_type::page_view, event_type::click, event_type::scroll, event_type::form_submit,
        event_type::video_play, event_type::custom_event, event_type::session_start, event_type::session_end})
    give(make(type));
  give(make(event_type::scroll, 2 * window - 1));
  give(make(event_type::scroll, 2 * window));
  CHECK(metric(family::site, "events") == "9");
  CHECK(metric(family::site, "page_views") == "1");
  CHECK(metric(family::site, "clicks") == "1");
  CHECK(metric(family::site, "scroll_events") == "2");
  CHECK(metric(family::site, "events", {}, 2 * window) == "1");
}

TEST_CASE_FIXTURE(kpi_fixture, "a time before 1970 has a window, too") {
  give(make(event_type::scroll, -1));
  CHECK(metric(family::site, "events", {}, -window) == "1");
}

TEST_CASE_FIXTURE(kpi_fixture, "unique visitors of a site are those with a page view") {
  give(make(event_type::page_view), 1);
  give(make(event_type::page_view), 1);
  give(make(event_type::page_view), 2);
  give(make(event_type::click), 3);
  CHECK(metric(family::site, "unique_visitors") == "2");
  CHECK(metric(family::pages, "unique_visitors", {"/a"}) == "2");
  CHECK(metric(family::elements, "unique_visitors", {"/a", "(none)"}) == "1");
}

TEST_CASE_FIXTURE(kpi_fixture, "load times are sampled when they are there, 0 too") {
  give(make(event_type::page_view));
  CHECK(metric(family::pages, "page_load_ms_p50", {"/a"}) == "null");
  CHECK(metric(family::pages, "page_load_ms_avg", {"/a"}) == "null");
  auto e = make(event_type::page_view);
  e.set(number::page_load_time_ms, 0);
  give(e);
  CHECK(metric(family::site, "page_load_ms_count") == "1");
  CHECK(metric(family::site, "page_load_ms_p99") == "0");
  e.set(number::page_load_time_ms, 1001);
  give(e);
  CHECK(metric(family::site, "page_load_ms_sum") == "1001");
  CHECK(metric(family::pages, "page_load_ms_avg", {"/a"}) == "500.5");
  CHECK(metric(family::pages, "page_load_ms_p50", {"/a"}) == "0");
  const auto p99 = std::stod(metric(family::pages, "page_load_ms_p99", {"/a"}));
  CHECK(p99 == doctest::Approx(0));  // rank floor(0.99 * 1) is the lower one
  give(e);
  CHECK(std::stod(metric(family::pages, "page_load_ms_p50", {"/a"})) == doctest::Approx(1001).epsilon(0.01));
  auto click = make(event_type::click);
  click.set(number::page_load_time_ms, 5);
  give(click);
  CHECK(metric(family::site, "page_load_ms_count") == "3");
}

TEST_CASE_FIXTURE(kpi_fixture, "pages count their views by device") {
  auto e = make(event_type::page_view);
  for (const auto* device : {"mobile", "mobile", "desktop", "tablet", "tv", ""}) {
    e[text::device_type] = device;
    give(e);
  }
  e[text::device_type] = "unknown";
  e[text::screen_resolution] = "800x600";
  give(e);
  e.set(number::screen_width, 767);
  give(e);
  e.set(number::screen_width, 1024);
  give(e);
  CHECK(metric(family::pages, "page_views", {"/a"}) == "9");
  CHECK(metric(family::pages, "mobile_views", {"/a"}) == "3");
  CHECK(metric(family::pages, "tablet_views", {"/a"}) == "2");
  CHECK(metric(family::pages, "desktop_views", {"/a"}) == "2");
  CHECK(metric(family::devices, "page_views", {"mobile", "(none)", "(none)"}) == "3");
  CHECK(metric(family::devices, "page_views", {"unknown", "(none)", "(none)"}) == "1");
}

TEST_CASE_FIXTURE(kpi_fixture, "pages name their most frequent foreign referrer and country") {
  auto e = make(event_type::page_view);
  give(e);
  CHECK(metric(family::pages, "top_referrer", {"/a"}) == "null");
  CHECK(metric(family::pages, "top_country", {"/a"}) == "null");
  settings.sites["default"].domains = {"www.brand.example"};
  e[text::country] = "FR";
  for (const auto* referrer : {"https://www.shop.example/b", "https://brand.example/", "not a url",
                               "http://b.example/x", "https://user@WWW.News.Example:8080/y"}) {
    e[text::referrer] = referrer;
    give(e);
    e[text::country] = "DE";
  }
  CHECK(metric(family::pages, "top_referrer", {"/a"}) == R"("b.example")");  // ties to the smaller
  give(e);
  CHECK(metric(family::pages, "top_referrer", {"/a"}) == R"("news.example")");
  CHECK(metric(family::pages, "top_country", {"/a"}) == R"("DE")");
}

TEST_CASE_FIXTURE(kpi_fixture,
                  "the click-through rate of an element divides by the views of its page in the window") {
  auto click = make(event_type::click);
  click[text::element_id] = "buy";
  give(click);
  CHECK(metric(family::elements, "page_views", {"/a", "buy"}) == "0");
  CHECK(metric(family::elements, "ctr", {"/a", "buy"}) == "null");
  for (int i = 0; i < 4; ++i) give(make(event_type::page_view));
  CHECK(metric(family::elements, "clicks", {"/a", "buy"}) == "1");
  CHECK(metric(family::elements, "page_views", {"/a", "buy"}) == "4");
  CHECK(metric(family::elements, "ctr", {"/a", "buy"}) == "0.25");
  CHECK(metric(family::pages, "ctr", {"/a"}) == "0.25");
  CHECK(find(family::elements, {"/a", "(none)"}) == nullptr);
}

TEST_CASE_FIXTURE(kpi_fixture, "an event without a page or an element counts under (none)") {
  auto e = make(event_type::click);
  e[text::page_path] = {};
  give(e);
  CHECK(metric(family::pages, "clicks", {"(none)"}) == "1");
  CHECK(metric(family::elements, "clicks", {"(none)", "(none)"}) == "1");
}

TEST_CASE_FIXTURE(kpi_fixture, "geo counts page views and their visitors by country and region") {
  auto e = make(event_type::page_view);
  e[text::country] = "DE";
  give(e, 1);
  e[text::region] = "BE";
  give(e, 1);
  give(e, 2);
  CHECK(metric(family::geo, "page_views", {"DE", "(none)"}) == "1");
  CHECK(metric(family::geo, "page_views", {"DE", "BE"}) == "2");
  CHECK(metric(family::geo, "unique_visitors", {"DE", "BE"}) == "2");
  CHECK(metric(family::geo, "bounce_rate", {"DE", "BE"}) == "null");
}

TEST_CASE_FIXTURE(kpi_fixture,
                  "a form is started by form_start, submitted, and succeeds or names its error") {
  auto start = make(event_type::custom_event);
  start[text::event_name] = "form_start";
  start[text::form_id] = "signup";
  for (int i = 0; i < 4; ++i) give(start);
  auto submit = make(event_type::form_submit);
  submit[text::form_id] = "signup";
  submit.form_success = flag::yes;
  give(submit);
  submit.form_success = flag::no;
  submit[text::form_error] = "no mail";
  give(submit);
  CHECK(metric(family::forms, "starts", {"signup"}) == "4");
  CHECK(metric(family::forms, "submits", {"signup"}) == "2");
  CHECK(metric(family::forms, "successes", {"signup"}) == "1");
  CHECK(metric(family::forms, "completion_rate", {"signup"}) == "0.25");
  CHECK(metric(family::forms, "top_error", {"signup"}) == R"("no mail")");
  CHECK(metric(family::site, "form_starts") == "4");
  CHECK(metric(family::site, "form_successes") == "1");
  CHECK(metric(family::events, "count", {"form_start"}) == "4");
  give(make(event_type::form_submit));
  CHECK(metric(family::forms, "completion_rate", {"(none)"}) == "null");
}

TEST_CASE_FIXTURE(kpi_fixture, "videos count plays and those that started by themselves") {
  auto e = make(event_type::video_play);
  e[text::video_id] = "v";
  give(e, 1);
  e.autoplay = flag::no;
  give(e, 1);
  e.autoplay = flag::yes;
  give(e, 2);
  CHECK(metric(family::videos, "plays", {"v"}) == "3");
  CHECK(metric(family::videos, "autoplays", {"v"}) == "1");
  CHECK(metric(family::videos, "unique_visitors", {"v"}) == "2");
}

TEST_CASE_FIXTURE(kpi_fixture, "custom events sum their values exactly, as decimals") {
  auto e = make(event_type::custom_event);
  e[text::event_name] = "donate";
  give(e);
  CHECK(metric(family::events, "event_value_mean", {"donate"}) == "null");
  e.set(number::event_value, 0.1);
  give(e);
  e.set(number::event_value, 0.2);
  give(e);
  e.set(number::event_value, -12.0000005);  // halves go away from zero
  give(e);
  CHECK(metric(family::events, "count", {"donate"}) == "4");
  CHECK(metric(family::events, "event_values", {"donate"}) == "3");
  CHECK(find(family::events, {"donate"})->sum(1) == -11'700'001);
  CHECK(std::stod(metric(family::events, "event_value_mean", {"donate"})) == doctest::Approx(-3.900000333));
}

TEST_CASE_FIXTURE(kpi_fixture, "a late event counts once in each family that it feeds") {
  give(make(event_type::page_view), 1, true);
  give(make(event_type::click), 1, true);
  give(make(event_type::click), 1, false);
  const auto count = [this](family fam) {
    return late[{fam, fam == family::quality ? "(all)" : "shop", window}];
  };
  CHECK(count(family::site) == 2);
  CHECK(count(family::pages) == 2);
  CHECK(count(family::elements) == 2);
  CHECK(count(family::devices) == 1);
  CHECK(count(family::geo) == 1);
  CHECK(count(family::quality) == 2);
  CHECK(count(family::events) == 0);
  CHECK(count(family::sources) == 0);
  CHECK(metric(family::quality, "late", {topic}) == "2");
}

TEST_CASE_FIXTURE(kpi_fixture, "quality accounts for every record, in the window of its arrival") {
  auto e = make(event_type::scroll, 0);
  e.quality = 0.7;
  const stamp at{0, 0, window + 5, window + 5};
  contribute_event(e, at, {topic, 1, false, true}, settings, made);
  contribute_too_late(topic, e, at, made);
  contribute_duplicate(topic, at, made);
  contribute_dead_letter(topic, window + 6, reason::invalid_url, made);
  contribute_dead_letter(topic, window + 6, reason::internal_error, made);
  collect();
  const auto quality = [this](const char* name) { return metric(family::quality, name, {topic}); };
  CHECK(quality("events_in") == "5");
  CHECK(quality("valid") == "3");
  CHECK(quality("too_late") == "1");
  CHECK(quality("duplicates") == "1");
  CHECK(quality("amended") == "1");
  CHECK(quality("late") == "0");
  CHECK(quality("dead_letters_invalid_url") == "1");
  CHECK(quality("dead_letters_internal_error") == "1");
  CHECK(quality("dead_letters_oversize") == "0");
  CHECK(quality("quality_score_sum") == "1.4");
  CHECK(quality("quality_score_count") == "2");
  CHECK(quality("quality_score_mean") == "0.7");
  CHECK(quality("freshness_s_p50") == "absent");
  contribute_freshness(topic, window, std::array{2.0, 2.0}, made);
  collect();
  CHECK(std::stod(quality("freshness_s_p99")) == doctest::Approx(2).epsilon(0.01));
}

TEST_CASE("quality has a name for every reason of a dead letter and of a bot") {
  const auto names = definition(family::quality).sums;
  const auto follow = [&names](const std::string& prefix, auto count_) {
    using value = decltype(count_);
    const auto first = std::ranges::find(names, prefix + std::string(to_string(value{})));
    for (std::size_t i = 0; i < static_cast<std::size_t>(count_); ++i)
      CHECK(*(first + static_cast<std::ptrdiff_t>(i)) ==
            prefix + std::string(to_string(static_cast<value>(i))));
  };
  follow("dead_letters_", reason::count_);
  follow("bot_sessions_", bot_signal::count_);
}
