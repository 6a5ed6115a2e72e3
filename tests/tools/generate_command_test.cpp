#include "tools/generate_command.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

#include "tests/config/files.hpp"

using namespace weir;

namespace {

generate_options options_of(std::uint64_t events, const std::string& out) {
  generate_options o;
  o.traffic.events = events;
  o.traffic.sessions = 100;
  o.out = out;
  return o;
}

auto lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST_CASE("traffic goes to standard output") {
  std::ostringstream out, errors;
  CHECK(generate(options_of(50, "-"), out, errors) == 0);
  CHECK(lines(out.str()) == 50);
}

TEST_CASE("a folder gets one file a partition, with the same records") {
  const test_folder folder;
  std::ostringstream out, errors;
  CHECK(generate(options_of(200, (folder.path() / "new").string()), out, errors) == 0);
  long all = 0;
  for (const auto* name :
       {"partition-000.ndjson", "partition-001.ndjson", "partition-002.ndjson", "partition-003.ndjson"})
    all += lines(read_text(folder.path() / "new" / name));
  CHECK(all == 200);
  CHECK(out.str().empty());
}

TEST_CASE("a name with an extension is a file of all records in order") {
  const test_folder folder;
  const auto file = folder.path() / "all.ndjson";
  std::ostringstream out, ignored;
  CHECK(generate(options_of(50, file.string()), ignored, ignored) == 0);
  CHECK(generate(options_of(50, "-"), out, ignored) == 0);
  CHECK(read_text(file) == out.str());
}

TEST_CASE("a start moves all events") {
  auto options = options_of(1, "-");
  options.start = "2024-02-18T10:30:00Z";
  std::ostringstream out, errors;
  CHECK(generate(options, out, errors) == 0);
  CHECK(out.str().find("\"timestamp\":\"2024-02-18T10:30:") != std::string::npos);
}

TEST_CASE("options that would never end, or crash, are refused and say what was expected") {
  const auto fault = [](auto change) {
    auto options = options_of(1, "-");
    change(options.traffic);
    std::ostringstream out, errors;
    CHECK(generate(options, out, errors) == 2);
    CHECK(out.str().empty());
    return errors.str();
  };
  CHECK(fault([](auto& t) { t.sites = 0; }) == "weir generate: --sites: expected 1 to 10000, got 0\n");
  CHECK(fault([](auto& t) { t.pages = 0; }) == "weir generate: --pages: expected 1 to 1000000, got 0\n");
  for (const double rate : {1e308, 1e9, 1e-300, -1.0, std::numeric_limits<double>::infinity(), std::nan("")})
    CHECK(fault([&](auto& t) {
            t.events_per_second = rate;
          }).starts_with("weir generate: --rate: expected 0.001 to 100000, got "));
  CHECK(fault([](auto& t) { t.sessions = ~0ULL; }).starts_with("weir generate: --sessions: expected 1 to "));
  CHECK(fault([](auto& t) {
          t.late = std::nan("");
        }).starts_with("weir generate: --late: expected 0 to 1, got "));
}

TEST_CASE("options that cannot be are status 2, output that fails is status 1") {
  std::ostringstream out, errors;
  auto options = options_of(1, "-");
  options.start = "soon";
  CHECK(generate(options, out, errors) == 2);
  CHECK(generate(options_of(0, "-"), out, errors) == 2);
  options = options_of(1, "-");
  options.traffic.malformed = 1.5;
  CHECK(generate(options, out, errors) == 2);
  CHECK(generate(options_of(1, "/dev/null/x.ndjson"), out, errors) == 1);
  CHECK(generate(options_of(100'000, "/dev/full/"), out, errors) == 1);
  CHECK(out.str().empty());
}
