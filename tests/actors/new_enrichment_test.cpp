#include <doctest/doctest.h>

#include <string>

#include "pipeline/enrich/geo_database.hpp"
#include "tests/actors/lane_fixture.hpp"

using namespace weir;
using weir::test::lane_fixture;

namespace {

shared_enrichment with_places(const std::string& name) {
  auto made = std::make_shared<enrichment_data>();
  made->places = std::make_shared<const geo_database>(WEIR_SOURCE_DIR "/tests/data/geo/" + name);
  return made;
}

/// A lane whose data the test changes.
struct changing : lane_fixture {
  shared_enrichment data = with_places("flat.mmdb");

  changing() {
    settings.enrichment = [this] { return data; };
  }
  void view_from(const std::string& address, std::int64_t at) {
    const auto time = start + at * minute;
    const auto id = std::to_string(log.end_of(topic, 0));
    wall = time;
    log.append(topic, 0, "s",
               R"({"event_id":"e)" + id + R"(","event_type":"page_view","session_id":"s","ip_address":")" +
                   address + R"(","page_url":"https://a.example/","timestamp":)" + std::to_string(time) + "}",
               time);
  }
  /// Rounds until all that was sent is committed.
  void work(lane& l) {
    for (int n = 0; n < 20; ++n) l.step(0), wall += settings.checkpoints.commit_interval;
  }
  bool said(std::size_t event, const std::string& part) {
    return records("weir.events").at(event).find(part) != std::string::npos;
  }
};

}  // namespace

TEST_CASE("a lane goes over to other data while it runs") {
  changing x;
  const auto l = x.make();
  x.view_from("192.0.2.7", 0);
  x.work(*l);
  x.data = with_places("GeoIP2-City-Test.mmdb");
  x.view_from("81.2.69.142", 1);
  x.view_from("192.0.2.7", 2);
  x.work(*l);
  REQUIRE(x.records("weir.events").size() == 3);
  CHECK(x.said(0, R"("country":"DE","region":"Berlin")"));
  CHECK(x.said(1, R"("country":"GB","region":"England")"));
  CHECK_FALSE(x.said(2, "country"));
}

TEST_CASE("what was read with the old data is not redone with the new") {
  changing x;
  auto l = x.make();
  x.view_from("192.0.2.7", 0);
  x.work(*l);
  x.data = with_places("GeoIP2-City-Test.mmdb");
  x.work(*l);
  x.view_from("81.2.69.142", 1);
  x.work(*l);
  l->drop();
  l = x.make();
  x.work(*l);
  CHECK(l->counts().redone > 0);
  CHECK(l->counts().divergences == 0);
  CHECK(x.records("weir.events").size() == 2);
}
