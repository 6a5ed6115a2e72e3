// MaxMind's test database beside the source that it was made from, and a flat one.
#include "pipeline/enrich/geo_database.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <simdjson.h>

#include <array>
#include <fstream>
#include <string>
#include <vector>

using namespace weir;
namespace dom = simdjson::dom;

namespace {

const std::string folder = WEIR_SOURCE_DIR "/tests/data/geo/";

struct network {
  std::array<unsigned char, 16> address{};
  int length = 0;
  std::string text;  // its first address
  std::string country, region, city;

  bool holds(const network& other) const {
    for (int bit = 0; bit < length; ++bit)
      if ((address[bit / 8] ^ other.address[bit / 8]) & 0x80 >> bit % 8) return false;
    return true;
  }
};

std::string text_at(const dom::element& record, std::string_view pointer) {
  std::string_view found;
  return record.at_pointer(pointer).get(found) ? std::string() : std::string(found);
}

network read_network(std::string_view written, const dom::element& record) {
  const auto slash = written.find('/');
  network n;
  n.text = written.substr(0, slash);
  n.length = std::stoi(std::string(written.substr(slash + 1)));
  if (inet_pton(AF_INET6, n.text.c_str(), n.address.data()) != 1) {
    REQUIRE(inet_pton(AF_INET, n.text.c_str(), n.address.data() + 12) == 1);
    n.length += 96;
  }
  n.country = text_at(record, "/country/iso_code");
  n.region = text_at(record, "/subdivisions/0/names/en");
  n.city = text_at(record, "/city/names/en");
  if (n.country.empty()) n.region = n.city = "";
  return n;
}

std::vector<network> published() {
  dom::parser parser;
  std::vector<network> all;
  for (const auto entry : parser.load(folder + "GeoIP2-City-Test.json").get_array())
    for (const auto [written, record] : entry.get_object()) all.push_back(read_network(written, record));
  return all;
}

/// Of the networks that hold an address the longest says where it is; the later of two that are the same.
const network& answer_for(const network& asked, const std::vector<network>& all) {
  const network* best = &asked;
  for (const auto& n : all)
    if (n.length >= best->length && n.holds(asked)) best = &n;
  return *best;
}

}  // namespace

TEST_CASE("MaxMind's city test database gives its published answer for every network") {
  const geo_database database(folder + "GeoIP2-City-Test.mmdb");
  const auto all = published();
  CHECK(all.size() == 251);
  int countries = 0, cities = 0;
  for (const auto& n : all) {
    const auto& expected = answer_for(n, all);
    const auto found = database.find(n.text);
    const place expected_place{expected.country, expected.region, expected.city};
    CHECK_MESSAGE(found == expected_place, n.text);
    countries += !found.country.empty();
    cities += !found.city.empty();
  }
  CHECK(countries == 247);
  CHECK(cities == 15);
}

TEST_CASE("an IPv4 address is found as it is, and in IPv6's clothes") {
  const geo_database database(folder + "GeoIP2-City-Test.mmdb");
  for (const auto* address : {"81.2.69.142", "::ffff:81.2.69.142"}) {
    const auto found = database.find(address);
    CHECK(found.country == "GB");
    CHECK(found.region == "England");
    CHECK(found.city == "London");
  }
}

TEST_CASE("there is no answer for what is not in the database and what is no address") {
  const geo_database database(folder + "GeoIP2-City-Test.mmdb");
  for (const auto* address : {"", "10.1.2.3", "::2", "81.2.69", "81.2.69.142:80", "[::1]", "London",
                              "81.2.69.1420000000000000000000000000000000000000000000000"})
    CHECK_MESSAGE(database.find(address) == place(), address);
}

TEST_CASE("a flat database is read like MaxMind's") {
  const geo_database database(folder + "flat.mmdb");
  CHECK(database.find("192.0.2.7") == place({"DE", "Berlin", "Berlin"}));
  CHECK(database.find("198.51.100.1") == place({"FR", "", ""}));
  CHECK(database.find("203.0.113.1") == place({"US", "Texas", ""}));
  CHECK(database.find("2001:db8::1") == place({"JP", "Tokyo", "Shinjuku"}));
}

TEST_CASE("a file that is missing or no database is an error that names it") {
  const auto error_of = [](const std::string& path) -> std::string {
    try {
      geo_database database(path);
    } catch (const geo_database::error& x) {
      return x.what();
    }
    return {};
  };
  CHECK(error_of("/nowhere/x.mmdb") ==
        "/nowhere/x.mmdb: expected a MaxMind DB file: No such file or directory");
  const auto text = folder + "README.md";
  CHECK(error_of(text).starts_with(text + ": expected a MaxMind DB file: "));
}
