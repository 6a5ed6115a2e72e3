#include "tools/decode/record_json.hpp"

#include <doctest/doctest.h>

#include "actors/kpi_task.hpp"
#include "pipeline/kpi/partial.hpp"
#include "pipeline/kpi/window_cell.hpp"
#include "pipeline/session/key_state.hpp"
#include "state/checkpoint/epoch_record.hpp"
#include "state/checkpoint/stored_value.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

using namespace weir;

namespace {

constexpr std::string_view ingest_log = "weir.changelog.topic_web_events",
                           kpis_log = "weir.changelog.weir.partials";

std::string window_key() {
  cell_name name;
  name.window = {granularity::hour, 3'600'000, 7'200'000};
  name.fam = family::pages;
  name.shard = 3;
  name.site = "shop";
  name.key[0] = "/a|b";
  return cell_state_key(name);
}

}  // namespace

TEST_CASE("values that are text are shown as they are, and no value as null") {
  CHECK(readable_value("weir.events", "k", R"({"a":1})") == R"({"a":1})");
  CHECK(readable_value("weir.gold.site", "k", std::nullopt) == "null");
  CHECK(readable_value("topic_web_events", "k", "\xff\xfe") ==
        R"({"undecoded":"//4=","error":"it is not UTF-8"})");
}

TEST_CASE("a partial record is shown with the names of what it adds") {
  const std::string_view bytes(  // as partial_codec.cpp documents them
      "\x01\x01\x03\x04shop\x01\xc0\xcf\x24\x02\xc0\xcf\x24\x02/a\x01\x04\x00\x00\x00", 24);
  CHECK(readable_value("weir.partials", "shop|pages|3", bytes) ==
        R"({"site":"shop","family":"pages","shard":3,"late":[{"window_start":300000,"events":1}],)"
        R"("deltas":[{"window_start":300000,"key":{"page_path":"/a"},"data":{"sums":{"page_views":2}}}]})");
}

TEST_CASE("clocks are shown with the source they are of") {
  std::string bytes;
  encode(clock_report{1000, 2000, task_clocks::no_time, end_of_time}, bytes);
  CHECK(readable_value("weir.partials", "~clock|topic_web_events/1", bytes) ==
        R"({"source":"topic_web_events/1","w":1000,"c":2000,"a":null,"settled":"never again"})");
  CHECK(readable_value(kpis_log, "stopic_web_events/1", encode_stored(7, bytes)) ==
        R"({"key":"clock|topic_web_events/1","stamp":7,)"
        R"("value":{"w":1000,"c":2000,"a":null,"settled":"never again"}})");
}

TEST_CASE("an epoch record is shown with its places and clocks") {
  epoch_record r;
  r.next = 120;
  r.ring.push_back({100, {5000, 5000, 35'000}, {}, 9000});
  r.dead = {110};
  r.owed = {3, 255};
  std::string bytes;
  encode(r, bytes);
  CHECK(readable_value(ingest_log, epoch_key, encode_stored(120, bytes)) ==
        R"({"key":"epoch","stamp":120,"value":{"next":120,"redo_from":100,)"
        R"("marks":[{"offset":100,"w":5000,"c":5000,"committed_at":9000}],"dead":[110],"dead_keys":[],)"
        R"("owed":{"count":3,"sum":"00000000000000ff"}}})");
  CHECK(readable_key(ingest_log, epoch_key) == "epoch");
}

TEST_CASE("a window's state is shown under the key of its gold record") {
  window_cell cell;
  cell.data.sums = {2};
  cell.changed = true;
  std::string bytes;
  cell.encode(bytes);
  CHECK(readable_key(kpis_log, window_key()) == "pages|shop|1h|3600000|/a%7Cb");
  CHECK(
      readable_value(kpis_log, window_key(), encode_stored(7, bytes)) ==
      R"({"key":"pages|shop|1h|3600000|/a%7Cb","stamp":7,"value":{"family":"pages","site":"shop",)"
      R"("granularity":"1h","window_start":3600000,"window_end":7200000,"shard":3,"key":{"page_path":"/a|b"},)"
      R"("unpublished":true,"in_rollups":false,"published":false,"events_final":false,"final":false,)"
      R"("data":{"sums":{"page_views":2}}}})");
}

TEST_CASE("a session's state is shown whole, or in parts its head, and its end") {
  key_state key;
  session s;
  s.opened_at = s.first = 1000;
  s.last = 61'000;
  s.events = s.page_views = 2;
  key.sessions.push_back(s);
  parted_value value;
  encode(key, value);
  const auto whole = readable_value(ingest_log, "shop|s1", encode_stored(9, value.bytes));
  CHECK(whole.starts_with(R"({"key":"shop|s1","stamp":9,"value":{"sessions":[{"opened_at":1000,)"
                          R"("started_at":1000,"ended_at":61000,"closed":false,"revision":0,"events":2,)"));
  for (int i = 0; i < 100; ++i) key.ids.add(static_cast<std::uint64_t>(i) << 20 | 1, 1000);
  value.clear();
  encode(key, value);
  std::vector<state_change> changes;
  write_value("shop|s1", 9, value, {}, changes);
  REQUIRE(changes.size() > 1);
  CHECK(readable_value(ingest_log, changes.back().key, changes.back().value)
            .starts_with(R"({"key":"shop|s1","stamp":9,"parts":)"));
  CHECK(readable_key(ingest_log, changes.front().key).starts_with("shop|s1#"));
  CHECK(readable_value(ingest_log, changes.front().key, changes.front().value).find(R"("part_bytes":)") !=
        std::string::npos);
  changes.clear();
  write_end("shop|s1", 12, {}, changes);
  CHECK(readable_value(ingest_log, "shop|s1", changes.back().value) ==
        R"({"key":"shop|s1","stamp":12,"tombstone":true})");
  CHECK(readable_value(ingest_log, "shop|s1", std::nullopt) == R"({"key":"shop|s1","deleted":true})");
}

TEST_CASE("what cannot be decoded is shown as it is, with the reason") {
  CHECK(readable_value("weir.partials", "k", "\xff") ==
        R"({"undecoded":"/w==","error":"unknown version of a partial record"})");
  CHECK(readable_key(kpis_log, "w") == "w");
}
