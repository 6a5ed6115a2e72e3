#include "tools/command_line.hpp"

#include <doctest/doctest.h>

#include <optional>

using namespace weir;

namespace {

/// A small command line: `weir read FILE --out --count --at`, `weir log dump --limit`.
struct program {
  CLI::App app{"weir"};
  std::string file, out;
  std::uint64_t count = 0;
  std::optional<std::int32_t> at;
  std::int64_t limit = 0;

  program() {
    app.require_subcommand(1);
    auto& read = *app.add_subcommand("read");
    read.add_option("FILE", file)->required();
    read.add_option("--out", out)->required();
    read.add_option("--count", count);
    read.add_option("--at", at);
    auto& log = *app.add_subcommand("log");
    log.require_subcommand(1);
    log.add_subcommand("dump")->add_option("--limit", limit);
    check_whole_numbers(app);
  }
  /// Arguments in reverse, as the parser has them.
  std::string fault(std::vector<std::string> reversed) {
    try {
      app.parse(std::move(reversed));
      return {};
    } catch (const CLI::ParseError& x) {
      return usage_fault(app, x);
    }
  }
};

std::string fault(const std::vector<std::string>& arguments) {
  return program().fault({arguments.rbegin(), arguments.rend()});
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a command that is not known is named, with the nearest") {
  CHECK(has(fault({"reed", "x"}), "weir: there is no command reed; did you mean read?"));
  CHECK(has(fault({"bogus"}), "weir: there is no command bogus; there are read, log"));
  CHECK(has(fault({"log", "dmp"}), "weir log: there is no command dmp; did you mean dump?"));
  CHECK(has(fault({"log"}), "weir log: A subcommand is required"));
}

TEST_CASE("an option that is not known is named before one that is missing") {
  CHECK(
      has(fault({"read", "--outt", "x", "L"}), "weir read: there is no option --outt; did you mean --out?"));
  CHECK(has(fault({"read", "--outt=x", "L"}), "weir read: there is no option --outt; did you mean --out?"));
  CHECK(has(fault({"read", "L"}), "weir read: --out is required"));
  CHECK(has(fault({"read", "L", "--out", "x", "M"}), "weir read: unexpected argument M"));
}

TEST_CASE("no whole number is below 0, has a fraction, or is too large for what it is") {
  CHECK(fault({"read", "L", "--out", "x", "--count", "5", "--at", "3"}).empty());
  for (const char* wrong : {"-5", "1.5", "5x", "", "99999999999999999999999"})
    CHECK_MESSAGE(
        has(fault({"read", "L", "--out", "x", "--count", wrong}), "--count: expected a whole number"), wrong);
  CHECK(has(fault({"read", "L", "--out", "x", "--at", "-1"}), "--at: expected a whole number, 0 or more"));
  CHECK(has(fault({"log", "dump", "--limit", "-1"}), "--limit: expected a whole number, 0 or more"));
  CHECK(!fault({"read", "L", "--out", "x", "--at", "3000000000"}).empty());
}
