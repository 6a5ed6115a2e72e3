#include "tools/demo/live_view.hpp"

#include <doctest/doctest.h>

#include "pipeline/event/utf8.hpp"
#include "tools/demo/demo_screen.hpp"

namespace weir {

namespace {

constexpr std::int64_t hour = 3'600'000;

std::string site_record(std::int64_t start, int views, int visitors) {
  return R"({"site_id":"a","family":"site","granularity":"5m","window_start":)" + std::to_string(start) +
         R"(,"key":{},"metrics":{"page_views":)" + std::to_string(views) +
         R"(,"sessions_closed":4,"sessions_with_views":4,"bounces":1,"conversions":2,"revenue":1.5,"unique_visitors":)" +
         std::to_string(visitors) + R"(,"sessions_open":3}})";
}

void take_site(live_view& view, std::int64_t start, int views, int visitors) {
  view.take(family::site, "a|5m|" + std::to_string(start), site_record(start, views, visitors));
}

}  // namespace

TEST_CASE("the live view counts each gold record once, as it was published last") {
  live_view view;
  take_site(view, 0, 5, 2);
  take_site(view, 300'000, 7, 3);
  take_site(view, 0, 6, 2);
  const auto s = view.look();
  CHECK(s.page_views == 13);
  CHECK(s.visitors == 3);  // of the last window
  CHECK(s.sessions_closed == 8);
  CHECK(s.bounces == 2);
  CHECK(s.revenue == 3.0);
}

TEST_CASE(
    "the live view forgets what is an hour older than the newest window, and passes over hours and days") {
  live_view view;
  take_site(view, 0, 5, 2);
  take_site(view, hour, 7, 3);
  view.take(family::site, "a|1h|0", site_record(0, 1000, 1));
  const auto s = view.look();
  CHECK(s.page_views == 7);
  CHECK(s.from == hour);
}

TEST_CASE("the live view ranks pages and sources over sites and windows") {
  live_view view;
  for (const auto& [key, path, views] :
       {std::tuple{"a|5m|0|/x", "/x", 3}, {"a|5m|0|/y", "/y", 4}, {"b|5m|0|/x", "/x", 2}})
    view.take(family::pages, key,
              std::string(R"({"window_start":0,"key":{"page_path":")") + path +
                  R"("},"metrics":{"page_views":)" + std::to_string(views) + "}}");
  view.take(family::sources, "a|5m|0|organic|Google|(none)",
            R"j({"window_start":0,"key":{"medium":"organic","source":"Google","campaign":"(none)"},)j"
            R"j("metrics":{"sessions":9}})j");
  const auto s = view.look();
  REQUIRE(s.pages.size() == 2);
  CHECK(s.pages[0].name == "/x");
  CHECK(s.pages[0].count == 5);
  REQUIRE(s.sources.size() == 1);
  CHECK(s.sources[0].name == "organic Google");
  CHECK(s.sources[0].count == 9);
}

TEST_CASE("the demo says of what time each number is") {
  demo_moment m;
  m.gold.from = 60'000, m.gold.to = hour;
  m.gold.visitors = 1'649, m.gold.page_views = 92'127;
  CHECK(demo_line(m).find("visitors in the last 5 min 1,649; last hour: views 92,127, sessions") !=
        std::string::npos);
  const auto screen = demo_screen(m, "x");
  CHECK(screen.find("visitors in the last 5 min 1,649, from 1970-01-01 01:00 on") != std::string::npos);
  CHECK(screen.find("last hour, from 1970-01-01 00:01 on:\n  page views 92,127") != std::string::npos);
}

TEST_CASE("a long name is cut between two characters") {
  demo_moment m;
  m.gold.to = hour;
  std::string path;
  for (int i = 0; i < 40; ++i) path += "\u00e9";
  m.gold.pages = {{path, 1}};
  CHECK(is_utf8(demo_screen(m, "x")));
}

TEST_CASE("the demo shows what was read as the sum of what became of it") {
  demo_moment m;
  m.counts.intake.in = 1'234'567;
  m.counts.intake.valid = 1'234'500;
  m.counts.intake.dead[0] = 67;
  CHECK(demo_line(m).find("in 1,234,567 = valid 1,234,500 + dead letters 67") != std::string::npos);
  CHECK(demo_screen(m, "x").find("in 1,234,567 = valid 1,234,500 + dead letters 67") != std::string::npos);
  CHECK(demo_line(m).find("no gold yet") != std::string::npos);
}

}  // namespace weir
