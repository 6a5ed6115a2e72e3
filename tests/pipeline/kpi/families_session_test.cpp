#include <doctest/doctest.h>

#include "tests/pipeline/kpi/kpi_fixture.hpp"

using namespace weir;
using namespace weir::kpi_test;

TEST_CASE_FIXTURE(kpi_fixture, "an open session counts as started and no more") {
  auto s = closed_session(2);
  s.closed = false;
  give(s);
  CHECK(cells.size() == 1);
  CHECK(metric(family::site, "sessions_started") == "1");
  CHECK(metric(family::site, "sessions_closed") == "0");
  CHECK(metric(family::site, "sessions_open") == "1");
  CHECK(metric(family::site, "bounce_rate") == "null");
  CHECK(metric(family::site, "engagement_score") == "null");
  CHECK(metric(family::site, "session_duration_s_p50") == "null");
}

TEST_CASE_FIXTURE(kpi_fixture, "closed sessions count in the window of their start") {
  give(closed_session(1, window + 1));
  auto converted = closed_session(8, 2 * window - 1);  // 7 minutes
  converted.goals = {0};
  converted.revenue = 12'345'678;
  give(converted);
  auto silent = closed_session(0, window);
  give(silent);
  const auto site_metric = [this](const char* name) { return metric(family::site, name); };
  CHECK(site_metric("sessions_started") == "3");
  CHECK(site_metric("sessions_closed") == "3");
  CHECK(site_metric("sessions_open") == "0");
  CHECK(site_metric("sessions_with_views") == "2");
  CHECK(site_metric("bounces") == "1");
  CHECK(site_metric("bounce_rate") == "0.5");
  CHECK(site_metric("engaged") == "1");
  CHECK(site_metric("session_duration_ms") == "420000");
  CHECK(site_metric("avg_session_duration_s") == "140");
  CHECK(site_metric("session_page_views") == "9");
  CHECK(site_metric("pages_per_session") == "3");
  CHECK(site_metric("conversions") == "1");
  CHECK(site_metric("revenue") == "12.345678");
  CHECK(site_metric("session_duration_s_p50") == "0");
  CHECK(site_metric("sessions_per_user") == "null");
  CHECK(site_metric("engagement_score") == "50");  // half of it bounced, the rest is capped at 1
  CHECK(std::stod(site_metric("conversion_rate")) == doctest::Approx(1.0 / 3));
}

TEST_CASE_FIXTURE(kpi_fixture, "the engagement score knows the site's target duration") {
  settings.sites["shop"].target_duration = 240'000;
  give(closed_session(3));  // 120 s
  CHECK(metric(family::site, "engagement_score") == "50");
  settings.sites["shop"].target_duration = 0;
  CHECK(metric(family::site, "engagement_score") == "null");
}

TEST_CASE_FIXTURE(kpi_fixture, "sessions per user divides sessions started by visitors of the window") {
  give(make(event_type::page_view), 1);
  give(make(event_type::page_view), 2);
  give(closed_session(1));
  CHECK(metric(family::site, "sessions_per_user") == "0.5");
}

TEST_CASE_FIXTURE(kpi_fixture, "pages know entries, exits and time on page") {
  auto s = closed_session(4);  // /a /b /a /b, a minute each
  s.last += 30'000;
  give(s);
  const auto page = [this](const char* name, const char* path) {
    return metric(family::pages, name, {path});
  };
  CHECK(page("unique_sessions", "/a") == "1");
  CHECK(page("unique_sessions", "/b") == "1");
  CHECK(page("entries", "/a") == "1");
  CHECK(page("entries", "/b") == "0");
  CHECK(page("exits", "/a") == "0");
  CHECK(page("exits", "/b") == "1");
  CHECK(page("time_on_page_ms", "/a") == "120000");
  CHECK(page("time_on_page_count", "/a") == "2");
  CHECK(page("avg_time_on_page_s", "/a") == "60");
  CHECK(page("time_on_page_ms", "/b") == "90000");
  CHECK(page("entry_duration_ms", "/a") == "210000");
  CHECK(page("avg_session_duration_s", "/a") == "210");
  CHECK(page("avg_session_duration_s", "/b") == "null");
  CHECK(page("bounce_rate", "/a") == "0");
  CHECK(page("page_views", "/a") == "0");
}

TEST_CASE_FIXTURE(kpi_fixture, "a bounce and a conversion count at the entry page") {
  auto s = closed_session(1);
  s.goals = {1};
  give(s);
  CHECK(metric(family::pages, "bounces", {"/a"}) == "1");
  CHECK(metric(family::pages, "conversions", {"/a"}) == "1");
  CHECK(metric(family::pages, "bounce_rate", {"/a"}) == "1");
}

TEST_CASE_FIXTURE(kpi_fixture, "time on page covers the first 200 views, the exit page any view") {
  auto s = closed_session(300);
  s.exit->path = "/late";
  give(s);
  CHECK(metric(family::pages, "time_on_page_count", {"/a"}) == "100");
  CHECK(metric(family::pages, "time_on_page_ms", {"/b"}) == std::to_string(100 * minute));
  CHECK(metric(family::pages, "exits", {"/late"}) == "1");
  CHECK(metric(family::pages, "unique_sessions", {"/late"}) == "0");
}

TEST_CASE_FIXTURE(kpi_fixture,
                  "scroll depth takes the deepest scroll of each path, whether it was viewed or not") {
  auto s = closed_session(0);
  s.paths = {{"/a", 0, 0, 40}, {"/b", 1, 1, -1}};
  give(s);
  s.paths[0].deepest_scroll = 0;
  give(s);
  give(s);
  CHECK(std::stod(metric(family::pages, "scroll_depth_p50", {"/a"})) == 0);
  CHECK(metric(family::pages, "scroll_depth_p95", {"/b"}) == "null");
  CHECK(metric(family::pages, "unique_sessions", {"/b"}) == "3");
  CHECK(find(family::pages, {"/a"})->samples[1].count() == 3);
}

TEST_CASE_FIXTURE(kpi_fixture, "sources are those of closed sessions, direct when nothing tells") {
  give(closed_session(1));
  auto s = closed_session(2);
  s.evidence = traffic_evidence{traffic_rank::page_view, {window, 0}, {"Google", "organic", "(none)", ""}};
  s.goals = {0};
  s.revenue = 5'000'000;
  give(s);
  CHECK(metric(family::sources, "sessions", {"direct", "(direct)", "(none)"}) == "1");
  CHECK(metric(family::sources, "bounce_rate", {"direct", "(direct)", "(none)"}) == "1");
  const std::array<std::string, 3> google{"organic", "Google", "(none)"};
  CHECK(metric(family::sources, "sessions", google) == "1");
  CHECK(metric(family::sources, "sessions_with_views", google) == "1");
  CHECK(metric(family::sources, "conversion_rate", google) == "1");
  CHECK(metric(family::sources, "revenue", google) == "5");
  CHECK(metric(family::sources, "avg_session_duration_s", google) == "60");
}

TEST_CASE_FIXTURE(kpi_fixture, "devices and geo take what the session carries") {
  auto s = closed_session(1);
  give(s);
  s.scalar_values.resize(scalars);
  s.scalar_values[static_cast<std::size_t>(scalar::device_type)].value = "mobile";
  s.scalar_values[static_cast<std::size_t>(scalar::browser)].value = "Firefox";
  s.scalar_values[static_cast<std::size_t>(scalar::country)].value = "DE";
  give(s);
  CHECK(metric(family::devices, "sessions", {"unknown", "(none)", "(none)"}) == "1");
  CHECK(metric(family::devices, "sessions", {"mobile", "Firefox", "(none)"}) == "1");
  CHECK(metric(family::devices, "bounce_rate", {"mobile", "Firefox", "(none)"}) == "1");
  CHECK(metric(family::geo, "sessions", {"(none)", "(none)"}) == "1");
  CHECK(metric(family::geo, "bounces", {"DE", "(none)"}) == "1");
}

namespace {

struct funnel_fixture : kpi_fixture {
  funnel_fixture() {
    settings.funnels.push_back({"signup", funnel::reach::user, 1'000'000, {{"only", {}}}});
    settings.funnels.push_back(
        {"buy", funnel::reach::session, 1'000'000, {{"cart", {}}, {"pay", {}}, {"done", {}}}});
  }
  session reaching(unsigned steps) const {
    auto s = closed_session(1);
    for (unsigned i = 0; i < steps; ++i) s.hits.push_back({{window + i * minute, i}, 1, 1U << i});
    return s;
  }
  std::string step(const char* name, const char* number) const {
    return metric(family::funnels, name, {"buy", number});
  }
};

}  // namespace

TEST_CASE_FIXTURE(funnel_fixture, "a funnel that was not entered has no record") {
  give(reaching(0));
  CHECK(find(family::funnels, {"buy", "1"}) == nullptr);
}

TEST_CASE_FIXTURE(funnel_fixture, "funnel steps count sessions, rates and the time to the next step") {
  give(reaching(1));
  give(reaching(2));
  give(reaching(3));
  give(reaching(3));
  CHECK(step("entered", "1") == "4");
  CHECK(step("completed", "1") == "3");
  CHECK(step("drop_off", "1") == "1");
  CHECK(step("entered_before", "1") == "0");
  CHECK(step("step_rate", "1") == "null");
  CHECK(step("conversion_rate", "1") == "1");
  CHECK(step("entered", "2") == "3");
  CHECK(step("entered_before", "2") == "4");
  CHECK(step("step_rate", "2") == "0.75");
  CHECK(step("conversion_rate", "2") == "0.75");
  CHECK(step("entered", "3") == "2");
  CHECK(step("entered_first", "3") == "4");
  CHECK(step("conversion_rate", "3") == "0.5");
  CHECK(step("completed", "3") == "0");
  CHECK(step("drop_off", "3") == "0");
  CHECK(step("time_to_next_s_p50", "3") == "null");
  CHECK(std::stod(step("time_to_next_s_p50", "1")) == doctest::Approx(60).epsilon(0.01));
  CHECK(find(family::funnels, {"signup", "1"}) == nullptr);
}

TEST_CASE_FIXTURE(funnel_fixture, "every step has a record once a session entered step 1") {
  give(reaching(1));
  CHECK(step("entered", "3") == "0");
  CHECK(step("conversion_rate", "3") == "0");
  CHECK(step("step_rate", "3") == "null");
}
