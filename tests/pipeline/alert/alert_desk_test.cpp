#include "pipeline/alert/alert_desk.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace weir;

namespace {

constexpr std::int64_t five = 300'000, hour = 3'600'000, day = 24 * hour;
constexpr std::int64_t noon = 1'704'110'400'000;  // 2024-01-01T12:00:00Z
constexpr std::int64_t wall = noon + 30 * day;

alert_rule above(double limit, std::int64_t lasting = 0) {
  alert_rule r;
  r.id = "high";
  r.metric = "page_views";
  r.above = limit;
  r.lasting = lasting;
  return r;
}

alert_rule silent() {
  alert_rule r;
  r.id = "quiet";
  r.what = alert_rule::kind::silence;
  r.metric = "page_views";
  r.lasting = 3 * five;
  return r;
}

gold_sample window(std::int64_t start, double views, std::int64_t revision = 1) {
  gold_sample s;
  s.site = "shop";
  s.key_json = "{}";
  s.start = start;
  s.end = start + five;
  s.watermark = s.end;
  s.revision = revision;
  s.metrics = {{"page_views", views}};
  return s;
}

std::vector<std::string> told(alert_desk& desk, std::int64_t now = wall) {
  std::vector<std::string> all;
  for (const auto& c : desk.judge(now)) all.push_back(name_of(c) + (c.firing ? " fired" : " resolved"));
  return all;
}

/// What a desk before told of: `high|shop`, of the window at noon.
alert_change fired_before() {
  alert_desk desk({above(10)});
  desk.take(window(noon, 11));
  return desk.judge(wall).at(0);
}

using lines = std::vector<std::string>;

}  // namespace

TEST_CASE("an alert fires once and is resolved once") {
  alert_desk desk({above(10)});
  desk.take(window(noon, 11));
  CHECK(told(desk) == lines{"high|shop fired"});
  CHECK(told(desk).empty());
  desk.take(window(noon + five, 12));
  CHECK(told(desk).empty());
  desk.take(window(noon + 2 * five, 10));
  CHECK(told(desk) == lines{"high|shop resolved"});
  desk.take(window(noon + 3 * five, 9));
  CHECK(told(desk).empty());
}

TEST_CASE("a change says which window, value and threshold") {
  alert_desk desk({above(10)});
  desk.take(window(noon, 11));
  const auto fired = desk.judge(wall).at(0);
  CHECK(fired.window_start == noon);
  CHECK(fired.window_end == noon + five);
  CHECK(fired.value == 11);
  CHECK(fired.threshold == 10);
  CHECK(fired.fired_at == wall);
  desk.take(window(noon + five, 1));
  const auto over = desk.judge(wall + 1).at(0);
  CHECK(over.fired_at == wall);
  CHECK(over.resolved_at == wall + 1);
}

TEST_CASE("an alert that must last fires when windows without a gap are as long") {
  alert_desk desk({above(10, 3 * five)});
  desk.take(window(noon, 11));
  desk.take(window(noon + five, 11));
  CHECK(told(desk).empty());
  desk.take(window(noon + 2 * five, 11));
  CHECK(told(desk) == lines{"high|shop fired"});

  alert_desk gap({above(10, 3 * five)});
  for (auto i : {0, 1, 3, 4}) gap.take(window(noon + i * five, 11));
  CHECK(told(gap).empty());
}

TEST_CASE("a window counts when the watermark has passed it, not before") {
  alert_desk desk({above(10)});
  auto early = window(noon, 11);
  early.watermark = noon + five - 1;
  desk.take(early);
  CHECK(told(desk).empty());
  desk.take(window(noon, 11, 2));
  CHECK(told(desk) == lines{"high|shop fired"});
}

TEST_CASE("another window's record can tell that the watermark has passed") {
  alert_desk desk({above(10)});
  auto early = window(noon, 11);
  early.watermark = noon;
  desk.take(early);
  CHECK(told(desk).empty());
  auto next = window(noon + five, 1);
  next.watermark = noon + five;
  desk.take(next);
  CHECK(told(desk) == lines{"high|shop fired"});
}

TEST_CASE("a metric of sessions waits until none of its window is open") {
  auto rule = above(0.6);
  rule.metric = "bounce_rate";
  alert_desk desk({rule});
  auto sample = window(noon, 0);
  sample.metrics = {{"bounce_rate", 0.9}};
  sample.sessions_open = 3;
  desk.take(sample);
  CHECK(told(desk).empty());
  sample.sessions_open = 0;
  sample.revision = 2;
  desk.take(sample);
  CHECK(told(desk) == lines{"high|shop fired"});
}

TEST_CASE("a revision of the newest window resolves an alert") {
  alert_desk desk({above(10)});
  desk.take(window(noon, 11, 5));
  CHECK(told(desk).size() == 1);
  desk.take(window(noon, 9, 4));  // an older revision says nothing
  CHECK(told(desk).empty());
  desk.take(window(noon, 9, 6));
  CHECK(told(desk) == lines{"high|shop resolved"});
}

TEST_CASE("what fired before a restart is not fired again, and is resolved once") {
  const auto fired = fired_before();

  alert_desk after({above(10)});
  after.restore(fired);
  after.take(window(noon, 11));
  CHECK(told(after, wall + 1).empty());
  CHECK(after.firing().size() == 1);
  after.take(window(noon + five, 1));
  const auto over = after.judge(wall + 2).at(0);
  CHECK_FALSE(over.firing);
  CHECK(over.fired_at == wall);
}

TEST_CASE("what was over while no one looked is resolved after the restart") {
  const auto fired = fired_before();
  alert_desk after({above(10)});
  after.restore(fired);
  after.take(window(noon, 11));
  after.take(window(noon + five, 2));
  CHECK(told(after) == lines{"high|shop resolved"});
}

TEST_CASE("an alert whose rule is gone is resolved") {
  const auto fired = fired_before();
  alert_desk after({});
  after.restore(fired);
  CHECK(told(after) == lines{"high|shop resolved"});
  CHECK(told(after).empty());
}

TEST_CASE("the order in which gold comes changes nothing") {
  alert_desk desk({above(10)});
  desk.take(window(noon + five, 3));
  desk.take(window(noon, 11));
  CHECK(told(desk).empty());
}

TEST_CASE("a drop is measured against the window a day before") {
  alert_rule rule;
  rule.id = "drop";
  rule.what = alert_rule::kind::drop;
  rule.metric = "page_views";
  rule.above = 0.2;
  rule.size = granularity::day;
  alert_desk desk({rule});
  auto sample = window(noon, 100);
  sample.size = granularity::day;
  sample.final = true;
  desk.take(sample);
  CHECK(told(desk).empty());
  sample.start += day, sample.end += day, sample.watermark += day;
  sample.metrics[0].second = 80;
  desk.take(sample);
  CHECK(told(desk).empty());
  sample.start += day, sample.end += day, sample.watermark += day;
  sample.metrics[0].second = 63;
  desk.take(sample);
  const auto fired = desk.judge(wall);
  REQUIRE(fired.size() == 1);
  CHECK(fired[0].threshold == doctest::Approx(64));
}

TEST_CASE("an anomaly is far from the same hour of the last seven days, when enough of them are known") {
  alert_rule rule;
  rule.id = "odd";
  rule.what = alert_rule::kind::anomaly;
  rule.metric = "page_views";
  const auto final_window = [](std::int64_t start, double views) {
    auto s = window(start, views);
    s.final = true;
    return s;
  };
  alert_desk desk({rule});
  for (int d = 1; d <= 3; ++d)
    for (int i = 0; i < 12; ++i) desk.take(final_window(noon - d * day + i * five, 100 + i % 3));
  for (int i = 0; i < 12; ++i) desk.take(final_window(noon - hour + i * five, 1'000));  // another hour
  CHECK(told(desk).empty());
  desk.take(final_window(noon, 130));  // 6 deviations of 5.05 above 101
  CHECK(told(desk).empty());
  desk.take(final_window(noon + five, 132));
  CHECK(told(desk) == lines{"odd|shop fired"});
  desk.take(final_window(noon + 2 * five, 100));
  CHECK(told(desk) == lines{"odd|shop resolved"});
  desk.take(final_window(noon + 3 * five, 70));
  CHECK(told(desk) == lines{"odd|shop fired"});

  alert_desk young({rule});
  for (int i = 0; i < 35; ++i) young.take(final_window(noon - (1 + i / 12) * day + (i % 12) * five, 100));
  young.take(final_window(noon, 1'000));
  CHECK(told(young).empty());
}

TEST_CASE("a site that has been silent for too long is told, and that it is back") {
  alert_desk desk({silent()});
  desk.take(window(noon, 5));
  desk.take(window(noon + five, 0));
  CHECK(told(desk, noon + 2 * five).empty());
  CHECK(told(desk, noon + 4 * five).empty());
  CHECK(told(desk, noon + 4 * five + 1) == lines{"quiet|shop fired"});
  desk.take(window(noon + 5 * five, 1));
  CHECK(told(desk, noon + 5 * five) == lines{"quiet|shop resolved"});
}

TEST_CASE("old data is no silence as long as the job may be catching up after a pause") {
  alert_desk desk({silent()});
  desk.take(window(noon, 5));
  CHECK(told(desk, noon + hour).empty());
  CHECK(told(desk, noon + hour + 119'999).empty());
  CHECK(told(desk, noon + hour + 120'000) == lines{"quiet|shop fired"});
}

TEST_CASE("an hour is judged when it is final: before it holds a part of its windows") {
  auto rule = above(0);
  rule.above.reset();
  rule.below = 100;
  rule.size = granularity::hour;
  alert_desk desk({rule});
  auto sample = window(noon, 10);
  sample.size = granularity::hour;
  sample.end = noon + hour;
  sample.watermark = noon + 2 * hour;
  desk.take(sample);
  CHECK(told(desk).empty());
  sample.metrics[0].second = 120;
  sample.revision = 2;
  sample.final = true;
  desk.take(sample);
  CHECK(told(desk).empty());
}

TEST_CASE("a window of another family than site is judged when its record cannot lack anything") {
  auto rule = above(10);
  rule.fam = family::pages;
  alert_desk desk({rule}, 60'000);
  auto sample = window(noon, 11);
  sample.fam = family::pages;
  sample.watermark = noon;
  desk.take(sample);
  auto later = window(noon + five, 1);
  later.fam = family::pages;
  later.watermark = noon + five;
  desk.take(later);
  CHECK(told(desk).empty());
  later.watermark = noon + five + 60'000;
  desk.take(later);
  CHECK(told(desk) == lines{"high|shop fired"});
}

TEST_CASE("an alert that must last fires after no less, also when windows do not fit into it") {
  alert_desk desk({above(10, five + 60'000)});
  desk.take(window(noon, 11));
  CHECK(told(desk).empty());
  desk.take(window(noon + five, 11));
  CHECK(told(desk) == lines{"high|shop fired"});
}

TEST_CASE("what fired and has no gold any more is over") {
  const auto fired = fired_before();
  alert_desk after({above(10)});
  after.restore(fired);
  CHECK(told(after) == lines{"high|shop resolved"});
  CHECK(told(after).empty());
}

TEST_CASE("a key that does not come any more is over, and forgotten") {
  alert_desk desk({above(10)});
  auto gone = window(noon, 11);
  gone.key = "gone";
  desk.take(gone);
  CHECK(told(desk) == lines{"high|shop|gone fired"});
  desk.take(window(noon + 2 * day, 1));
  CHECK(told(desk) == lines{"high|shop|gone resolved"});
}

TEST_CASE("a metric can be a share of another, and the sum of several") {
  alert_rule rule;
  rule.id = "dead";
  rule.metric = "dead_letters_*";
  rule.per = "events_in";
  auto s = window(noon, 0);
  s.metrics = {{"dead_letters_a", 1}, {"dead_letters_b", 2}, {"events_in", 100}};
  CHECK(s.value(rule) == doctest::Approx(0.03));
  s.metrics.back().second = 0;
  CHECK_FALSE(s.value(rule));
}

TEST_CASE("a change is read back as it was written") {
  alert_desk desk({above(10)});
  auto sample = window(noon, 11);
  sample.key = "a|b";
  sample.key_json = R"({"page_path":"a|b"})";
  desk.take(sample);
  const auto fired = desk.judge(wall).at(0);
  std::string json, again;
  write_alert_change(fired, json);
  const auto read = read_alert_change(json);
  REQUIRE(read);
  write_alert_change(*read, again);
  CHECK(again == json);
  CHECK(name_of(*read) == "high|shop|a|b");
  CHECK_FALSE(read_alert_change("no json"));
}
