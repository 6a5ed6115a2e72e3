#include "pipeline/enrich/enricher.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipeline/enrich/geo_database.hpp"

using namespace weir;

TEST_CASE("an event whose agent and claim tell no device type gets that of its screen's width") {
  const rules r;
  enricher enrichment(r, no_enrichment());
  arena texts;
  event e;
  enrichment.enrich(e, texts);
  CHECK(e[text::device_type].empty());
  e.set(number::screen_width, 800);
  enrichment.enrich(e, texts);
  CHECK(e[text::device_type] == "tablet");
}

namespace {

struct enriched {
  rules r;
  shared_enrichment data = no_enrichment();
  arena texts;
  event e;

  void with_database() {
    auto made = std::make_shared<enrichment_data>();
    made->places = std::make_shared<const geo_database>(WEIR_SOURCE_DIR "/tests/data/geo/flat.mmdb");
    data = made;
  }
  void enrich() { enricher(r, data).enrich(e, texts); }
  std::string place() const {
    return std::string(e[text::country]) + "|" + std::string(e[text::region]) + "|" +
           std::string(e[text::city]);
  }
  void claim(std::string_view country, std::string_view region, std::string_view city) {
    e[text::country] = country, e[text::region] = region, e[text::city] = city;
  }
};

}  // namespace

TEST_CASE("a place is that of the database, with the whole address, which is cut afterwards") {
  enriched x;
  x.with_database();
  x.claim("US", "Texas", "Austin");
  x.e[text::ip_address] = "192.0.2.7";
  x.enrich();
  CHECK(x.place() == "DE|Berlin|Berlin");
  CHECK(x.e.place == place_source::database);
  CHECK(x.e[text::ip_address] == "192.0.2.0");
}

TEST_CASE("a place is the client's claim without a database, an address or an answer") {
  for (const auto* address : {"", "10.0.0.1"}) {
    enriched x;
    if (*address) x.with_database();
    x.claim("US", "Texas", "");
    x.e[text::ip_address] = address;
    x.enrich();
    CHECK(x.place() == "US|Texas|");
    CHECK(x.e.place == place_source::client);
  }
  enriched nothing;
  nothing.enrich();
  CHECK(nothing.e.place == place_source::none);
}

TEST_CASE("a claimed region and city stand where the database has that country and no more") {
  enriched x;
  x.with_database();
  x.e[text::ip_address] = "198.51.100.1";
  x.claim("FR", "Bretagne", "Brest");
  x.enrich();
  CHECK(x.place() == "FR|Bretagne|Brest");
  CHECK(x.e.place == place_source::database);
  x.e[text::ip_address] = "198.51.100.1";
  x.claim("DE", "Bayern", "Fürth");
  x.enrich();
  CHECK(x.place() == "FR||");
}

TEST_CASE("personal data is counted where it stands, and masked where it is written") {
  enriched x;
  x.e[text::page_url] = "https://x.de/a?m=ann@x.de&n=%2B4930123456";
  x.e[text::referrer] = "https://y.de/?c=4111111111111111";
  x.e[text::target_url] = "https://z.de/";
  x.e[text::form_fields] = R"({"m":"bob@x.de"})";
  x.e[text::page_path] = x.e[text::page_id] = "/a";
  x.e[text::page_title] = "ann@x.de";
  x.enrich();
  CHECK(x.e.personal == 4);
  REQUIRE(x.e.masked.size() == 3);
  CHECK(x.e.masked[0].field == text::page_url);
  CHECK(x.e.masked[0].written == "https://x.de/a?m=(email)&n=(phone)");
  CHECK(x.e.masked[1].written == "https://y.de/?c=(card)");
  CHECK(x.e.masked[2].written == R"x({"m":"(email)"})x");
  CHECK(x.e[text::page_url] == "https://x.de/a?m=ann@x.de&n=%2B4930123456");
  CHECK(x.e[text::page_path] == "/a");
}

TEST_CASE("with masking off personal data is counted alone") {
  enriched x;
  x.r.mask_pii = false;
  x.e[text::page_url] = "https://x.de/a?m=ann@x.de";
  x.e[text::page_path] = "/a?m=ann@x.de";
  x.enrich();
  CHECK(x.e.personal == 2);
  CHECK(x.e.masked.empty());
  CHECK(x.e[text::page_path] == "/a?m=ann@x.de");
}

TEST_CASE("a path that the client sent with its query is a key, and masked at once") {
  enriched x;
  x.e[text::page_path] = x.e[text::page_id] = "/a?m=ann@x.de";
  x.enrich();
  CHECK(x.e.personal == 1);
  CHECK(x.e[text::page_path] == "/a?m=(email)");
  CHECK(x.e[text::page_id] == "/a?m=(email)");
}
