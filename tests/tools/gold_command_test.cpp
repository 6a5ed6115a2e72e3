#include "tools/gold_command.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include <algorithm>
#include <sstream>

#include "tests/config/files.hpp"
#include "tests/pipeline/kpi/kpi_fixture.hpp"

using namespace weir;
using namespace weir::kpi_test;

namespace {

constexpr std::int64_t hour = 12 * window;

/// Writes gold records and merges them.
struct command_fixture : kpi_fixture {
  test_folder folder;
  std::ostringstream out, errors;
  std::string records;
  gold_merge_options options;

  void put(family fam, std::array<std::string, 3> key, gold_record g, bool sketches = true) {
    g.fam = fam;
    g.site = site;
    for (std::size_t i = 0; i < 3; ++i) g.key[i] = key[i];
    g.with_sketches = sketches;
    write_gold(g, *find(fam, key, window), settings, records);
    records += '\n';
  }
  static gold_record of(granularity size, std::int64_t start, std::int64_t length, bool final = true) {
    gold_record g;
    g.size = size;
    g.start = start;
    g.end = start + length;
    g.revision = 1;
    g.final = g.events_final = final;
    g.sessions_open = 0;
    return g;
  }
  static gold_record five(std::int64_t start, bool final = true) {
    return of(granularity::five_minutes, start, window, final);
  }
  int run() {
    options.files = {folder.write("gold.ndjson", records).string()};
    out.str({});
    errors.str({});
    return gold_merge_command({}, options, out, errors);
  }
  /// Of the n-th record that was printed, by JSON pointer.
  std::string at(std::size_t n, const char* pointer) const {
    std::istringstream lines(out.str());
    std::string line;
    for (std::size_t i = 0; i <= n; ++i)
      if (!std::getline(lines, line)) return "absent";
    simdjson::dom::parser parser;
    return simdjson::minify(parser.parse(simdjson::padded_string(line)).at_pointer(pointer).value());
  }
  long printed() const {
    const auto text = out.str();
    return std::count(text.begin(), text.end(), '\n');
  }
};

}  // namespace

TEST_CASE_FIXTURE(command_fixture, "records of one key become one, those of others another") {
  give(make(event_type::page_view));
  for (std::int64_t w = 0; w < 3; ++w) {
    put(family::pages, {"/a"}, five(w * window));
    put(family::site, {}, five(w * window));
  }
  REQUIRE(run() == 0);
  CHECK(printed() == 2);
  CHECK(at(0, "/family") == R"("site")");
  CHECK(at(1, "/key/page_path") == R"("/a")");
  for (std::size_t n = 0; n < 2; ++n) {
    CHECK(at(n, "/metrics/page_views") == "3");
    CHECK(at(n, "/metrics/unique_visitors") == "1");
  }
}

TEST_CASE_FIXTURE(command_fixture, "no time counts twice") {
  give(make(event_type::page_view));
  for (std::int64_t w = 0; w < 24; ++w) put(family::site, {}, five(w * window));
  put(family::site, {}, of(granularity::hour, 0, hour));
  put(family::site, {}, of(granularity::day, 0, 24 * hour, false));
  put(family::site, {}, of(granularity::local_day, -hour, 24 * hour));
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "13");  // an hour, and the windows of the next
  options.granularity = "5m";
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "24");
  options.granularity = "1dl";
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "1");
}

TEST_CASE_FIXTURE(command_fixture, "windows count that lie within the range of time") {
  give(make(event_type::page_view));
  constexpr std::int64_t day0 = 1'708'214'400'000;  // 2024-02-18
  for (std::int64_t w = 0; w < 12; ++w) put(family::site, {}, five(day0 + w * window));
  put(family::site, {}, of(granularity::hour, day0, hour));
  options.from = "2024-02-18T00:05:00Z";
  options.to = std::to_string(day0 + 5 * window);
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "4");
  CHECK(at(0, "/window_start") == std::to_string(day0 + window));
  CHECK(at(0, "/window_end") == options.to);
  options.from = "2024-02-18";  // its midnight, UTC
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "5");
}

TEST_CASE_FIXTURE(command_fixture, "family, site and parts of the key choose records") {
  give(make(event_type::page_view));
  auto e = make(event_type::page_view);
  e[text::page_path] = "/b=c";
  give(e);
  put(family::pages, {"/a"}, five(0));
  put(family::pages, {"/b=c"}, five(0));
  put(family::site, {}, five(0));
  options.keys = {"page_path=/b=c"};
  REQUIRE(run() == 0);
  CHECK(printed() == 1);
  CHECK(at(0, "/key/page_path") == R"("/b=c")");
  options.keys = {};
  options.family = "pages";
  REQUIRE(run() == 0);
  CHECK(printed() == 2);
  options.site = "other";
  REQUIRE(run() == 0);
  CHECK(printed() == 0);
  CHECK(errors.str().find("no record is what was asked for") != std::string::npos);
}

TEST_CASE_FIXTURE(command_fixture,
                  "a key counts where its site's windows do, though it has no record there") {
  give(make(event_type::page_view));
  auto e = make(event_type::page_view);
  e[text::page_path] = "/b";
  give(e);
  put(family::pages, {"/a"}, of(granularity::hour, 0, hour));
  put(family::pages, {"/b"}, five(0));  // over the cap of the hour: its data are in (other) there
  put(family::pages, {"/b"}, five(hour));
  options.keys = {"page_path=/b"};
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "1");
  CHECK(at(0, "/metrics/page_views") == "1");
  CHECK(at(0, "/window_start") == "0");  // the union is over all of it
  CHECK(at(0, "/window_end") == std::to_string(hour + window));
}

TEST_CASE_FIXTURE(command_fixture, "a record without sketches is told, and left out with --final") {
  give(make(event_type::page_view));
  put(family::pages, {"/a"}, five(0));
  put(family::pages, {"/a"}, five(window, false), false);
  CHECK(run() == 1);
  for (const auto* part :
       {"gold.ndjson:2: ", "no sketches", "expected a record of a final window", "--final"})
    CHECK(errors.str().find(part) != std::string::npos);
  options.final_only = true;
  REQUIRE(run() == 0);
  CHECK(at(0, "/records") == "1");
}

TEST_CASE_FIXTURE(command_fixture, "an older revision does not count, with or without sketches") {
  give(make(event_type::page_view));
  put(family::pages, {"/a"}, five(0, false), false);
  auto newer = five(0);
  newer.revision = 2;
  put(family::pages, {"/a"}, newer);
  REQUIRE(run() == 0);
  CHECK(at(0, "/revision") == "2");
  CHECK(at(0, "/records") == "1");
}

TEST_CASE_FIXTURE(command_fixture, "input that is no gold is told with its line") {
  give(make(event_type::page_view));
  put(family::site, {}, five(0));
  records += "\n{\"family\":\"site\"}\n";
  CHECK(run() == 1);
  CHECK(errors.str().find("gold.ndjson:3: not a gold record") != std::string::npos);
  options.files = {"nowhere"};
  CHECK(gold_merge_command({}, options, out, errors) == 1);
  CHECK(errors.str().find("cannot open nowhere") != std::string::npos);
}

TEST_CASE_FIXTURE(command_fixture, "options that cannot be are told") {
  const auto refused = [&](void (*set)(gold_merge_options&), const char* says) {
    gold_merge_options o;
    set(o);
    errors.str({});
    CHECK(gold_merge_command({}, o, out, errors) == 2);
    CHECK(errors.str().find(says) != std::string::npos);
  };
  using o = gold_merge_options;
  refused([](o& x) { x.from = "yesterday"; }, "--from: expected a time");
  refused([](o& x) { x.from = x.to = "2024-02-18T00:00:00Z"; }, "--to must be after --from");
  refused([](o& x) { x.granularity = "2h"; }, "--granularity: expected 5m, 1h");
  refused([](o& x) { x.family = "page"; }, "--family: there is no family \"page\"");
  refused([](o& x) { x.keys = {"page_path"}; }, "--key: expected NAME=VALUE");
  refused([](o& x) { x.keys = {"page=/"}; }, "one of page_path, medium");
}
