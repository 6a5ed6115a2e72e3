#include <doctest/doctest.h>

#include "pipeline/kpi/contribute.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;
using namespace weir::test;

namespace {

/// A session that has grown to its longest: 24 hours from noon, views 20 minutes apart.
void grow_to_the_longest(session_fixture& f) {
  for (std::int64_t t = 0; t <= 72; ++t) f.give_view(noon + t * 20 * minute);
}

}  // namespace

TEST_CASE("the first event of a key opens a session") {
  session_fixture f;
  f.give_view(noon);
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().first == noon);
  CHECK(f.only().last == noon);
  CHECK(f.only().opened_at == noon);
  CHECK(f.only().events == 1);
  CHECK_FALSE(f.only().closed);
}

TEST_CASE("an event joins a session up to the timeout after its last event and no later") {
  session_fixture f;
  f.give_view(noon);
  f.give_view(noon + 30 * minute);
  CHECK(f.key.sessions.size() == 1);
  f.give_view(noon + 60 * minute + 1);
  CHECK(f.key.sessions.size() == 2);
}

TEST_CASE("an event joins a session up to the timeout before its first event and no earlier") {
  session_fixture f;
  f.give_view(noon);
  f.give_view(noon - 30 * minute);
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().first == noon - 30 * minute);
  CHECK(f.only().opened_at == noon);
  f.give_view(noon - 60 * minute - 1);
  CHECK(f.key.sessions.size() == 2);
}

TEST_CASE("a session closes when the clock has passed its last event by more than the timeout") {
  session_fixture f;
  f.give_view(noon);
  CHECK(f.life().next_close(f.key) == noon + 30 * minute + 1);
  f.commit(noon + 30 * minute);
  CHECK_FALSE(f.only().closed);
  f.commit(noon + 30 * minute + 1);
  CHECK(f.only().closed);
  CHECK(f.last_published()["close_reason"] == "\"timeout\"");
  CHECK(f.last_published()["revision"] == "1");
  CHECK(f.life().next_close(f.key) == unlimited);
}

TEST_CASE("a session with a session_end closes when the clock reaches its last event") {
  session_fixture f;
  f.give_view(noon);
  f.give(f.make(event_type::session_end, noon + minute));
  CHECK(f.life().next_close(f.key) == noon + minute);
  f.commit(noon + minute - 1);
  CHECK_FALSE(f.only().closed);
  f.commit(noon + minute);
  CHECK(f.only().closed);
  CHECK(f.last_published()["close_reason"] == "\"explicit\"");
}

TEST_CASE("a session_end does not cut: a later event joins") {
  session_fixture f;
  f.give(f.make(event_type::session_end, noon));
  f.commit(noon);
  f.give_view(noon + minute);
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().events == 2);
  CHECK(f.last_published()["revision"] == "2");
  CHECK(f.last_published()["close_reason"] == "\"explicit\"");
}

TEST_CASE("a closed session is kept until W has passed its last event by timeout and lateness") {
  session_fixture f;
  f.give_view(noon);
  f.pass(noon + 90 * minute);
  CHECK(f.key.sessions.size() == 1);
  CHECK(f.life().next_forget(f.key) == noon + 90 * minute + 1);
  f.pass(noon + 90 * minute + 1);
  CHECK(f.key.sessions.empty());
  CHECK(f.key.empty());
  CHECK(f.life().next_forget(f.key) == unlimited);
}

TEST_CASE("the closing clock forgets nothing") {
  session_fixture f;
  f.give_view(noon);
  f.commit(noon + 1000 * hour);
  CHECK(f.only().closed);
  CHECK(f.key.ids.size() == 1);
}

TEST_CASE("nothing that is open is forgotten") {
  session_fixture f;
  f.give_view(noon);
  f.life().advance(f.name, f.key, noon, noon + 1000 * hour, f.out);
  CHECK(f.key.sessions.size() == 1);
}

TEST_CASE("joining a closed session amends it") {
  session_fixture f;
  f.give_view(noon, "/a");
  f.pass(noon + 40 * minute);
  f.give_view(noon + minute, "/b");
  REQUIRE(f.sessions_published().size() == 2);
  CHECK(f.last_published()["revision"] == "2");
  CHECK(f.last_published()["page_views"] == "2");
  CHECK(f.out.amended == 1);
  CHECK(f.out.closed == 1);
}

TEST_CASE("an event amends only when W had passed the close, whatever the closing clock says") {
  session_fixture f;
  f.give_view(noon);
  f.commit(noon + hour);
  f.give_view(noon + minute);
  CHECK(f.out.amended == 0);
  f.pass(noon + 31 * minute);
  f.give_view(noon + minute);
  CHECK(f.out.amended == 0);
  f.pass(noon + 31 * minute + 1);
  f.give_view(noon + 2 * minute);
  CHECK(f.out.amended == 1);
}

TEST_CASE("an event amends a session that holds a session_end as soon as W is at its last event") {
  session_fixture f;
  f.give(f.make(event_type::session_end, noon));
  f.give_view(noon);
  CHECK(f.out.amended == 0);
  f.pass(noon);
  f.give_view(noon);
  CHECK(f.out.amended == 1);
}

TEST_CASE("an event between two sessions bridges them") {
  session_fixture f;
  f.settings.time.max_out_of_orderness = 29 * minute;
  f.give_view(noon, "/a");
  f.give_view(noon + 50 * minute, "/c");
  REQUIRE(f.key.sessions.size() == 2);
  f.give_view(noon + 25 * minute, "/b");
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().first == noon);
  CHECK(f.only().last == noon + 50 * minute);
  CHECK(f.only().events == 3);
  CHECK(f.only().opened_at == noon);
  CHECK(f.sessions_published().empty());  // neither had been published
}

TEST_CASE("a published session that is bridged away is withdrawn with merged_into") {
  session_fixture f;
  f.give_view(noon);
  f.give_view(noon + 50 * minute);
  f.pass(noon + 85 * minute);
  REQUIRE(f.sessions_published().size() == 2);
  f.give_view(noon + 25 * minute);
  const auto all = f.sessions_published();
  REQUIRE(all.size() == 4);
  CHECK(all[2]["session_key"] ==
        "\"topic_web_events|default|s1|" + std::to_string(noon + 50 * minute) + "\"");
  CHECK(all[2]["merged_into"] == "\"topic_web_events|default|s1|" + std::to_string(noon) + "\"");
  CHECK(all[2]["withdrawn"] == "true");
  CHECK(all[2]["revision"] == "2");
  CHECK(all[3]["revision"] == "2");
  CHECK(all[3]["merged_into"].empty());
  CHECK(f.out.withdrawn == 1);
  CHECK(f.out.closed == 2);
}

TEST_CASE("a merged session keeps the earlier one's key even if the later one was published") {
  session_fixture f;
  f.give_view(noon + 50 * minute);
  f.give_view(noon);
  f.give_view(noon + 25 * minute);
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().opened_at == noon);
}

TEST_CASE("the order of arrival changes neither the session nor what it adds") {
  session_fixture bridged, plain;
  const auto run = [](session_fixture& f, std::initializer_list<int> order) {
    f.settings.time.max_out_of_orderness = hour;  // nothing is late
    for (const auto at : order) f.give_view(noon + at * minute, "/p" + std::to_string(at));
    f.pass(noon + 3 * hour);
  };
  run(bridged, {0, 50, 25});
  run(plain, {0, 25, 50});
  CHECK(bridged.last_published().fields == plain.last_published().fields);
  CHECK(tally_of(bridged.kpis) == tally_of(plain.kpis));
}

TEST_CASE("an event that would make a session too long opens a new one and closes the old") {
  session_fixture f;
  grow_to_the_longest(f);
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().duration() == 24 * hour);
  f.give_view(noon + 24 * hour + minute);
  REQUIRE(f.key.sessions.size() == 2);
  CHECK(f.key.sessions[0].closed);
  CHECK(f.key.sessions[0].full);
  CHECK(f.key.sessions[1].first == noon + 24 * hour + minute);
  CHECK(f.last_published()["close_reason"] == "\"max_duration\"");
}

TEST_CASE("an event before a session that it would make too long opens a new one and closes nothing") {
  session_fixture f;
  f.settings.time.allowed_lateness = 48 * hour;
  grow_to_the_longest(f);
  f.give_view(noon - minute);
  REQUIRE(f.key.sessions.size() == 2);
  CHECK(f.key.sessions[0].first == noon - minute);
  CHECK_FALSE(f.key.sessions[0].closed);
  CHECK_FALSE(f.key.sessions[1].closed);
  CHECK_FALSE(f.key.sessions[1].full);
}

TEST_CASE("max_duration as a reason stays when the session had closed for another") {
  session_fixture f;
  grow_to_the_longest(f);
  f.commit(noon + 25 * hour);
  CHECK(f.last_published()["close_reason"] == "\"timeout\"");
  f.give_view(noon + 24 * hour + minute);
  CHECK(f.last_published()["close_reason"] == "\"max_duration\"");
  CHECK(f.last_published()["revision"] == "2");
  CHECK(f.out.closed == 1);
}

TEST_CASE("two sessions that would be too long together stay apart, the event joins the nearer") {
  session_fixture f;
  f.settings.session.max_duration = 60 * minute;
  f.give_view(noon);
  f.give_view(noon + 25 * minute);
  f.give_view(noon + 80 * minute);
  REQUIRE(f.key.sessions.size() == 2);
  f.give_view(noon + 52 * minute);  // 27 minutes after the first, 28 before the second
  REQUIRE(f.key.sessions.size() == 2);
  CHECK(f.key.sessions[0].last == noon + 52 * minute);
  CHECK(f.key.sessions[1].first == noon + 80 * minute);
}

TEST_CASE("of two sessions that stay apart and are as near the earlier takes the event") {
  session_fixture f;
  f.settings.session.max_duration = 60 * minute;
  f.give_view(noon);
  f.give_view(noon + 20 * minute);
  f.give_view(noon + 80 * minute);
  f.give_view(noon + 50 * minute);
  REQUIRE(f.key.sessions.size() == 2);
  CHECK(f.key.sessions[0].last == noon + 50 * minute);
}

TEST_CASE("of more than two candidates the one that the event lies in takes it") {
  session_fixture f;
  f.settings.session.max_duration = 20 * minute;
  for (const auto at : {0, 20, 21, 41, 42, 62}) f.give_view(noon + at * minute);
  REQUIRE(f.key.sessions.size() == 3);
  f.give_view(noon + 30 * minute);
  CHECK(f.key.sessions.size() == 3);
  CHECK(f.key.sessions[1].events == 3);
}

TEST_CASE("max_duration of either of two bridged holds for both") {
  session_fixture f;
  f.settings.session.max_duration = 100 * minute;
  f.settings.time.max_out_of_orderness = 29 * minute;
  f.give_view(noon);
  f.give_view(noon + 50 * minute);
  f.key.sessions[1].full = true;
  f.give_view(noon + 25 * minute);
  REQUIRE(f.key.sessions.size() == 1);
  CHECK(f.only().full);
  CHECK(f.life().next_close(f.key) == -unlimited);
  f.commit(f.watermark);
  CHECK(f.last_published()["close_reason"] == "\"max_duration\"");
}

TEST_CASE("a late event is flagged and counted in its session") {
  session_fixture f;
  f.give_view(noon);
  f.give_view(noon + 10 * minute);
  f.give_view(noon + 5 * minute);
  CHECK(f.only().late == 1);
  CHECK(f.out.late == 1);
}

TEST_CASE("an event within the disorder that is allowed for is not late") {
  session_fixture f;
  f.give_view(noon);
  f.give_view(noon - 30 * second);
  CHECK(f.only().late == 0);
}

TEST_CASE("a duplicate is dropped and counted, it stretches no session") {
  session_fixture f;
  auto e = f.view(noon);
  f.give(e);
  e.time += 10 * minute;
  f.give(e);
  CHECK(f.only().last == noon);
  CHECK(f.only().events == 1);
  CHECK(f.only().duplicates == 1);
  CHECK(f.out.duplicates == 1);
}

TEST_CASE("a duplicate counts in the nearest session, ties in the earlier") {
  session_fixture f;
  const auto e = f.view(noon);
  f.give(e);
  f.give_view(noon + 40 * minute);
  auto again = e;
  again.time = noon + 21 * minute;
  f.give(again);
  CHECK(f.key.sessions[1].duplicates == 1);
  again.time = noon + 20 * minute;
  f.give(again);
  CHECK(f.key.sessions[0].duplicates == 1);
}

TEST_CASE("a duplicate that no session is near counts in none") {
  session_fixture f;
  auto e = f.view(noon);
  f.give(e);
  e.time += 31 * minute;
  f.give(e);
  CHECK(f.key.sessions.size() == 1);
  CHECK(f.only().duplicates == 0);
  CHECK(f.out.duplicates == 1);
}

TEST_CASE("a duplicate near a closed session publishes it again") {
  session_fixture f;
  const auto e = f.view(noon);
  f.give(e);
  f.pass(noon + 40 * minute);
  f.give(e);
  CHECK(f.last_published()["revision"] == "2");
  CHECK(f.last_published()["duplicates"] == "1");
}

TEST_CASE("an id is forgotten when W has passed it by more than the lateness") {
  session_fixture f;
  auto e = f.view(noon);
  f.give(e);
  f.pass(noon + hour);
  e.time = noon + hour;
  f.give(e);
  CHECK(f.out.duplicates == 1);
  f.pass(noon + hour + 1);
  f.give(e);
  CHECK(f.out.duplicates == 1);
}

TEST_CASE("ids beyond the limit are dropped and counted") {
  session_fixture f;
  for (int i = 0; i < 65'536; ++i) f.give(f.custom(noon + i, "x"));
  CHECK(f.out.ids_dropped == 0);
  f.give(f.custom(noon + 65'536, "x"));
  CHECK(f.out.ids_dropped == 1);
  CHECK(f.key.ids.size() == 65'536);
  CHECK(f.key.sessions.size() == 1);
}

TEST_CASE("a user found after publication moves the session to another key") {
  session_fixture f;
  auto e = f.view(noon);
  e[text::visitor_id] = "v";
  f.give(e);
  f.commit(noon + hour);
  auto identified = f.custom(noon + minute, "identify");
  identified[text::user_id] = "u";
  identified[text::visitor_id] = "v";
  f.give(identified);
  const auto all = f.sessions_published();
  REQUIRE(all.size() == 3);
  CHECK(all[0].key == "default|v");
  CHECK(all[1].key == "default|v");
  CHECK(all[1]["moved_to"] == "\"u\"");
  CHECK(all[1]["withdrawn"] == "true");
  CHECK(all[1]["revision"] == "2");
  CHECK(all[2].key == "default|u");
  CHECK(all[2]["revision"] == "2");
  CHECK(all[2]["withdrawn"].empty());
  CHECK(f.out.withdrawn == 0);
}

TEST_CASE("the user is that of the earliest event that has one, not of the first to arrive") {
  session_fixture f;
  for (const auto& [at, user] : {std::pair{minute, "late"}, std::pair{std::int64_t{0}, "early"}}) {
    auto e = f.view(noon + at);
    e[text::user_id] = user;
    f.give(e);
  }
  f.commit(noon + hour);
  CHECK(f.last_published().key == "default|early");
}

TEST_CASE("a session of no one is its own user") {
  session_fixture f;
  f.give_view(noon);
  f.commit(noon + hour);
  CHECK(f.last_published().key == "default|(session)topic_web_events|s1");
}

TEST_CASE("a visitor is the visitor_id, else the user_id, else the session") {
  const session_name name{"topic", "site", "s"}, other{"topic", "site", "t"};
  event visitor, user, both, nobody;
  visitor[text::visitor_id] = both[text::visitor_id] = "x";
  user[text::user_id] = "x";
  both[text::user_id] = "y";
  CHECK(visitor_hash(name, visitor) == visitor_hash(other, user));
  CHECK(visitor_hash(name, both) == visitor_hash(name, visitor));
  CHECK(visitor_hash(name, nobody) != visitor_hash(other, nobody));
  event named_like_a_session;
  named_like_a_session[text::visitor_id] = "topic|s";
  CHECK(visitor_hash(name, nobody) != visitor_hash(name, named_like_a_session));
}

TEST_CASE("silver says which session an event joined and whether it was late") {
  session_fixture f;
  f.settings.silver = true;
  f.out.partition = 3;
  f.give_view(noon);
  f.give_view(noon + 10 * minute);
  f.give_view(noon + 5 * minute);
  REQUIRE(f.records.records().size() == 3);
  simdjson::dom::parser parser;
  const auto late_of = [&](std::size_t i) {
    const auto& record = f.records.records()[i];
    CHECK(record.topic == output::events);
    CHECK(record.partition == 3);
    CHECK(f.records.key(record) == "s1");
    const simdjson::dom::object fields = parser.parse(simdjson::padded_string(f.records.value(record)));
    CHECK(std::string_view(fields["session_key"]) == "topic_web_events|default|s1|" + std::to_string(noon));
    return bool(fields["late"]);
  };
  CHECK_FALSE(late_of(0));
  CHECK_FALSE(late_of(1));
  CHECK(late_of(2));
  CHECK(f.out.silver == 3);
}

TEST_CASE("without silver no event is written") {
  session_fixture f;
  f.give_view(noon);
  CHECK(f.records.records().empty());
  CHECK(f.out.silver == 0);
}
