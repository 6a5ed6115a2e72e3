#include "config/enrichment_files.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/error.hpp"
#include "pipeline/enrich/geo_database.hpp"
#include "tests/config/files.hpp"

using namespace weir;
namespace fs = std::filesystem;

namespace {

const fs::path databases = WEIR_SOURCE_DIR "/tests/data/geo";
constexpr auto city = "GeoIP2-City-Test.mmdb", flat = "flat.mmdb";

/// Files of a node whose database is written anew while it runs.
struct watched_database {
  test_folder folder;
  fs::path file = folder.path() / "geo.mmdb";
  std::vector<std::string> changed, broken;
  int writes = 0;
  settings s;

  explicit watched_database(const fs::path& first) {
    write(first);
    s.geo.database = file.string();
  }
  void write(const fs::path& from) {
    fs::copy_file(from, file, fs::copy_options::overwrite_existing);
    fs::last_write_time(file, fs::file_time_type::clock::now() + std::chrono::seconds(++writes));
  }
  /// A change is taken at the second look.
  void refresh(enrichment_files& files) {
    for (int look = 0; look < 2; ++look)
      files.refresh({[this](const std::string& line) { changed.push_back(line); },
                     [this](const std::string& line) { broken.push_back(line); }});
  }
};

std::string country(const shared_enrichment& data, std::string_view address) {
  return std::string(data->places->find(address).country);
}

}  // namespace

TEST_CASE("a geo database is read again when its file has changed") {
  watched_database x(databases / flat);
  enrichment_files files(x.s);
  const auto before = files.current();
  CHECK(country(before, "192.0.2.7") == "DE");
  x.refresh(files);
  CHECK(files.current() == before);
  x.write(databases / city);
  x.refresh(files);
  const auto after = files.current();
  CHECK(country(after, "81.2.69.142") == "GB");
  CHECK(country(after, "192.0.2.7").empty());
  CHECK(country(before, "192.0.2.7") == "DE");  // who still has the old one is not disturbed
  CHECK(after->agents == before->agents);
  CHECK(x.changed == std::vector<std::string>{"geo.database: read anew"});
  x.refresh(files);
  CHECK(files.current() == after);
}

TEST_CASE("a new geo database that is none, or a file that is gone, leaves the old one in use") {
  watched_database x(databases / flat);
  enrichment_files files(x.s);
  const auto before = files.current();
  x.write(databases / "README.md");
  for (int n = 0; n < 3; ++n) x.refresh(files);
  CHECK(files.current() == before);
  REQUIRE(x.broken.size() == 1);  // once for each change
  CHECK(x.broken[0].starts_with("geo.database: " + x.file.string() + ": expected a MaxMind DB file: "));
  CHECK(x.broken[0].ends_with("; what was read before stays in use"));
  fs::remove(x.file);
  x.refresh(files);
  CHECK(country(files.current(), "192.0.2.7") == "DE");
  CHECK(x.broken.size() == 2);
  x.write(databases / city);
  x.refresh(files);
  CHECK(country(files.current(), "81.2.69.142") == "GB");
}

TEST_CASE("a geo database that cannot be read at the start is an error of the configuration") {
  settings s;
  s.geo.database = "/nowhere/x.mmdb";
  CHECK_THROWS_WITH_AS(enrichment_files{s},
                       "geo.database: /nowhere/x.mmdb: expected a MaxMind DB file: No such file or directory",
                       config_error);
  CHECK_FALSE(enrichment_files(settings{}).current()->places);
}
