#include "pipeline/session/bot_judge.hpp"

#include <doctest/doctest.h>

#include "pipeline/kpi/families.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

struct bot_fixture : session_fixture {
  bot_fixture() { settings.bots = {}; }
  event crawler(std::int64_t time, std::string_view path = "/") {
    auto e = view(time, path);
    e.crawler = true;
    return e;
  }
  event without_agent(std::int64_t time) {
    auto e = view(time);
    e.empty_agent = true;
    return e;
  }
  /// The sum of a metric over all windows and keys of a family.
  std::int64_t total(const family_definition& of, std::string_view metric) const {
    std::int64_t sum = 0;
    for (const auto& c : kpis.of(of.id))
      for (std::uint32_t i = 0; i < c.count; ++i)
        if (const auto& a = kpis.additions(c)[i]; a.what == addition::kind::sum && of.sums[a.slot] == metric)
          sum += a.sum;
    return sum;
  }
  std::int64_t site(std::string_view metric) const { return total(site_definition, metric); }
  std::int64_t quality(std::string_view metric) const { return total(quality_definition, metric); }
};

}  // namespace

TEST_CASE_FIXTURE(bot_fixture, "from the event of the verdict on a session sends nothing but bot counts") {
  give_view(noon, "/a");
  give_view(noon + minute, "/b");
  CHECK(site("sessions_started") == 1);
  give(crawler(noon + 2 * minute, "/c"));
  give_view(noon + 3 * minute, "/d");
  CHECK(only().bot);
  CHECK(site("sessions_started") == 0);
  CHECK(site("events") == 2);
  CHECK(site("bot_events") == 2);
  CHECK(total(pages_definition, "bot_views") == 2);
  CHECK(quality("bot_events") == 2);
  CHECK(quality("bot_events_before_verdict") == 2);
  CHECK(quality("bot_sessions_crawler") == 1);
  pass(noon + hour);
  CHECK(site("sessions_closed") == 0);
  const auto record = last_published();
  CHECK(record["is_bot"] == "true");
  CHECK(record["bot_reasons"] == R"(["crawler"])");
  CHECK(record["bot_score"] == "1");
  CHECK(record["page_views"] == "4");
  CHECK(record["exit_page"] == "\"/b\"");
}

TEST_CASE_FIXTURE(bot_fixture, "what a closed session counted is taken back when it is a bot after all") {
  give_view(noon);
  commit(noon + hour);
  CHECK(site("sessions_closed") == 1);
  give(crawler(noon + minute));
  for (const auto* metric : {"sessions_started", "sessions_closed", "bounces", "session_page_views"})
    CHECK(site(metric) == 0);
  CHECK(last_published()["revision"] == "2");
}

TEST_CASE_FIXTURE(bot_fixture, "half a verdict is none, and is published with the session") {
  give(without_agent(noon));
  give(without_agent(noon + minute));
  pass(noon + hour);
  CHECK(last_published()["is_bot"] == "false");
  CHECK(last_published()["bot_score"] == "0.5");
  CHECK(last_published()["bot_reasons"] == R"(["empty_agent"])");
  CHECK(site("sessions_closed") == 1);
}

TEST_CASE_FIXTURE(bot_fixture,
                  "a session on a key that keeps a bot session starts as one, until that is forgotten") {
  give(crawler(noon));
  give_view(noon + 40 * minute);
  CHECK(key.sessions.back().bot);
  CHECK(key.sessions.back().bot_reasons == set_of(bot_signal::crawler));
  CHECK(quality("bot_sessions_crawler") == 2);
  CHECK(quality("bot_events_before_verdict") == 0);
  pass(noon + 3 * hour);
  give_view(noon + 3 * hour);
  CHECK_FALSE(key.sessions.back().bot);
  CHECK(site("sessions_started") == 1);
}

TEST_CASE_FIXTURE(bot_fixture, "what a bot session takes in was no bot's when it came") {
  give_view(noon);
  give_view(noon + minute);
  give(crawler(noon + 50 * minute));
  give_view(noon + 25 * minute);
  REQUIRE(key.sessions.size() == 1);
  CHECK(only().bot);
  CHECK(site("sessions_started") == 0);
  CHECK(quality("bot_sessions_crawler") == 1);
  CHECK(quality("bot_events_before_verdict") == 2);
  CHECK(quality("bot_events") == 2);
}

TEST_CASE_FIXTURE(
    bot_fixture,
    "more than 120 events in the minute of the newest one are a bot's; older ones do not count") {
  for (int i = 0; i < 120; ++i) give(custom(noon + i, "x"));
  for (int i = 0; i < 10; ++i) give(custom(noon - 1 - i, "x"));
  CHECK_FALSE(only().bot);
  give(custom(noon + 59'999, "x"));
  CHECK(only().bot);
  CHECK(only().bot_reasons == set_of(bot_signal::rate));
}

TEST_CASE_FIXTURE(bot_fixture,
                  "three page views each less than half a second from the one before it are a bot's") {
  SUBCASE("when they are the first") {
    for (const auto t : {0, 499, 1}) give_view(noon + t);
    CHECK(only().bot);
  }
  SUBCASE("not with half a second between two") {
    for (const auto t : {0, 499, 999}) give_view(noon + t);
    CHECK_FALSE(only().bot);
  }
  SUBCASE("not when they come later") {
    for (const auto t : {0, 60'000, 60'001, 60'002, 60'003}) give_view(noon + t);
    CHECK_FALSE(only().bot);
  }
}

TEST_CASE_FIXTURE(bot_fixture, "a bot that viewed without end takes few bytes, and is read back as it was") {
  give(crawler(noon));
  for (int i = 1; i < 500; ++i) give_view(noon + i * second, "/" + std::to_string(i));
  parted_value value;
  encode(key, value);
  CHECK(value.head().size() <= 512);
  const auto copy = decode_key_state(value.bytes);
  parted_value again;
  encode(copy, again);
  CHECK(again.bytes == value.bytes);
  REQUIRE(copy.sessions.size() == 1);
  CHECK(copy.sessions[0].bot);
  CHECK(copy.sessions[0].bot_reasons == only().bot_reasons);
  CHECK(copy.sessions[0].views == only().views);
  CHECK(copy.sessions[0].minute_events == only().minute_events);
  CHECK(copy.sessions[0].pages.empty());
}
