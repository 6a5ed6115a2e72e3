#include <doctest/doctest.h>

#include "pipeline/base/base64.hpp"
#include "tests/pipeline/kpi/kpi_fixture.hpp"

using namespace weir;
using namespace weir::kpi_test;

namespace {

gold_record record_of(family fam, std::array<std::string_view, 3> key = {}) {
  gold_record g;
  g.fam = fam;
  g.site = "shop";
  g.start = window;
  g.end = 2 * window;
  g.key = key;
  return g;
}

}  // namespace

TEST_CASE("a gold record's key names site, granularity, window and the parts of its key") {
  CHECK(gold_key(record_of(family::site)) == "shop|5m|300000");
  CHECK(gold_key(record_of(family::pages, {"/a"})) == "shop|5m|300000|/a");
  auto g = record_of(family::sources, {"organic", "Google", "(none)"});
  g.size = granularity::local_day;
  g.start = -1;
  CHECK(gold_key(g) == "shop|1dl|-1|organic|Google|(none)");
}

TEST_CASE("percent signs and bars in a part of a gold key are encoded") {
  CHECK(gold_key(record_of(family::pages, {"/a|b%7C"})) == "shop|5m|300000|/a%7Cb%257C");
}

TEST_CASE_FIXTURE(kpi_fixture, "a gold record is written as kpis.md has it") {
  auto click = make(event_type::click);
  click[text::element_id] = "buy";
  give(click);
  give(make(event_type::page_view));
  give(make(event_type::page_view));
  auto g = record_of(family::elements, {"/a", "buy \"now\""});
  g.revision = 7;
  g.watermark = 650'000;
  g.events_final = true;
  g.late_events = 3;
  std::string json;
  write_gold(g, *find(family::elements, {"/a", "buy"}), settings, json,
             find(family::elements, {"/a", "\x01page"}));
  CHECK(
      json ==
      R"({"site_id":"shop","family":"elements","granularity":"5m","window_start":300000,"window_end":600000,)"
      R"("key":{"page_path":"/a","element_id":"buy \"now\""},)"
      R"("metrics":{"clicks":1,"page_views":2,"ctr":0.5,"unique_visitors":1},)"
      R"("revision":7,"events_final":true,"final":false,"capped":false,"watermark":650000,)"
      R"("late_events":3,"sessions_open":null})");
}

TEST_CASE_FIXTURE(kpi_fixture, "a gold record with sketches holds each that is not empty") {
  give(make(event_type::page_view));
  auto g = record_of(family::pages, {"/a"});
  g.with_sketches = true;
  g.sessions_open = 4;
  std::string json, bytes, text;
  const auto& c = *find(family::pages, {"/a"});
  write_gold(g, c, settings, json);
  byte_writer out(bytes);
  c.uniques[0].encode(out);
  append_base64(text, bytes);
  CHECK(json.find(R"("sketches":{"unique_visitors":")" + text + R"("},)") != std::string::npos);
  CHECK(json.ends_with(R"("late_events":0,"sessions_open":4})"));
}

TEST_CASE("a top that lost count says so in the record") {
  cell c;
  c.tops.resize(1);
  for (int i = 0; i < 3000; ++i) c.tops[0].add(std::to_string(i));
  std::string json;
  write_gold(record_of(family::pages, {"/a"}), c, {}, json);
  CHECK(json.find(R"("approximate":true)") != std::string::npos);
}

TEST_CASE("every family has a name, a key and slots that agree") {
  for (std::size_t f = 0; f < families; ++f) {
    const auto& d = definition(static_cast<family>(f));
    CHECK(static_cast<std::size_t>(d.id) == f);
    CHECK(find_family(d.name) == d.id);
    CHECK(d.key.size() == key_parts[f]);
    CHECK((d.micros.empty() || d.micros.size() == d.sums.size()));
  }
  CHECK(!find_family("nothing"));
}

TEST_CASE(
    "pages, elements and events are sharded by the first part of their key, so an element meets its page") {
  for (const auto* path : {"/a", "/b", "/c"})
    CHECK(shard_of(family::pages, path, 8) == shard_of(family::elements, path, 8));
  CHECK(shard_of(family::pages, "/a", 8) == hash64("/a") % 8);
  CHECK(shard_of(family::forms, "/a", 8) == 0);
  CHECK(shard_of(family::pages, "/a", 1) == 0);
}

TEST_CASE("the sketch that docs/sketches.md shows in a gold record is what is written") {
  cell c;
  c.uniques.resize(1);
  c.uniques[0].add(hash64("alice"));
  std::string json;
  json_writer out(json);
  out.begin_object();
  write_sketches(family::pages, c, out);
  CHECK(json == R"({"sketches":{"unique_visitors":"AQABsBYBGtYNoU0="})");
}
