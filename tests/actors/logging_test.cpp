#include "actors/logging.hpp"

#include <doctest/doctest.h>
#include <simdjson.h>

#include <regex>
#include <thread>
#include <vector>

#include "tests/config/files.hpp"

using namespace weir;

namespace {

/// A log into a file.
struct logging_fixture {
  test_folder folder;
  std::string path = (folder.path() / "log").string();
  std::FILE* file = std::fopen(path.c_str(), "w");
  ~logging_fixture() { std::fclose(file); }

  logger make(log_format format, log_level level = log_level::info) const {
    return logger({level, format}, file);
  }
  std::vector<std::string> lines() const {
    std::fflush(file);
    std::istringstream text(read_text(path));
    std::vector<std::string> all;
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
  }
  std::string only() const {
    const auto all = lines();
    REQUIRE(all.size() == 1);
    return all[0];
  }
};

/// A line without its time, which must be one.
std::string behind_time(const std::string& line) {
  static const std::regex time(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  std::smatch found;
  REQUIRE(std::regex_search(line, found, time));
  return found.suffix();
}

}  // namespace

TEST_CASE_FIXTURE(logging_fixture, "a line of JSON has time, level, message and fields") {
  make(log_format::json)
      .warn("it broke", {{"task", "web/3"}, {"offset", 17}, {"share", 0.5}, {"again", true}});
  const auto line = only();
  CHECK(line.starts_with(R"({"ts":"2)"));
  CHECK(behind_time(line) ==
        R"(","level":"warning","msg":"it broke","task":"web/3","offset":17,"share":0.5,"again":true})");
}

TEST_CASE_FIXTURE(logging_fixture,
                  "a line of text has the same, without colours where there is no terminal") {
  make(log_format::text).info("hello there", {{"task", "a b"}, {"empty", ""}, {"n", -1}, {"path", "/a/b"}});
  CHECK(behind_time(only()) == R"( info hello there task="a b" empty="" n=-1 path=/a/b)");
}

TEST_CASE_FIXTURE(logging_fixture, "auto is JSON where there is no terminal") {
  make(log_format::automatic).info("x");
  CHECK(only().ends_with(R"("level":"info","msg":"x"})"));
}

TEST_CASE_FIXTURE(logging_fixture, "what is below the level is not written") {
  const auto log = make(log_format::json, log_level::warning);
  log.debug("a"), log.info("b"), log.warn("c"), log.error("d");
  CHECK(lines().size() == 2);
}

TEST_CASE_FIXTURE(logging_fixture, "fields of a logger are in each of its lines, before those of the line") {
  const auto node = make(log_format::json).with({{"node", "n1"}});
  const auto lane = node.with({{"lane", "lane-00"}});
  lane.info("x", {{"offset", 1u}});
  node.info("y");
  const auto all = lines();
  REQUIRE(all.size() == 2);
  CHECK(all[0].ends_with(R"("msg":"x","node":"n1","lane":"lane-00","offset":1})"));
  CHECK(all[1].ends_with(R"("msg":"y","node":"n1"})"));
}

TEST_CASE_FIXTURE(logging_fixture, "a warner outlives its logger and writes warnings") {
  const auto warn = make(log_format::text).with({{"lane", "lane-01"}}).warner();
  warn("a redo diverged");
  CHECK(behind_time(only()) == " warning a redo diverged lane=lane-01");
}

TEST_CASE_FIXTURE(logging_fixture, "whatever is said, a line is one line, and JSON is JSON") {
  const std::string_view nasty("a\n\"b\"\x1b[31m \xff {} %v\0", 19);
  make(log_format::json).error(nasty, {{"text", nasty}});
  make(log_format::text).error(nasty, {{"text", nasty}});
  const auto all = lines();
  REQUIRE(all.size() == 2);
  simdjson::dom::parser parser;
  CHECK(parser.parse(simdjson::padded_string(all[0])).error() == simdjson::SUCCESS);
  for (const auto& line : all) {
    CHECK(line.find('\x1b') == std::string::npos);
    CHECK(line.find("{} %v") != std::string::npos);
  }
}

TEST_CASE_FIXTURE(logging_fixture, "lines of many threads do not mix") {
  const auto log = make(log_format::json);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&log, t] {
        for (int i = 0; i < 200; ++i) log.with({{"t", t}}).info(std::string(50, 'x'), {{"i", i}});
      });
  }
  const auto all = lines();
  CHECK(all.size() == 800);
  simdjson::dom::parser parser;
  for (const auto& line : all)
    CHECK(parser.parse(simdjson::padded_string(line)).error() == simdjson::SUCCESS);
}
