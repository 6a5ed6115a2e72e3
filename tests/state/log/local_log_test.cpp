#include "state/log/local_log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

namespace weir {

namespace {

/// A folder of its own, removed at the end.
struct folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("weir-local-log-" + std::to_string(getpid()));
  folder() { std::filesystem::remove_all(path); }
  ~folder() { std::filesystem::remove_all(path); }
};

constexpr auto topic = "topic_web_events";

std::vector<std::string> values(local_log& log, const std::string& of, std::int32_t partition) {
  std::vector<std::string> all;
  log.read(of, partition, 0,
           [&](auto, auto, auto, std::string_view value) { return all.emplace_back(value), true; });
  return all;
}

void commit(log_member& member, std::int64_t next, const std::string& output_value) {
  auto e = std::make_unique<epoch>();
  e->outputs.put(output::events, 0, "k", output_value);
  e->tasks.push_back({{stage::ingest, topic, 0}, next, next, {{"key", "state " + output_value}}});
  member.commit(std::move(e));
  std::optional<outcome> how;
  while (!(how = member.landed())) std::this_thread::yield();
  REQUIRE(*how == outcome::committed);
}

}  // namespace

TEST_CASE("the local log keeps records, state and offsets of a commit together, also over a restart") {
  const folder dir;
  const task_id task{stage::ingest, topic, 0};
  {
    local_log log(dir.path, {});
    log.create_topic(topic, 2);
    log.add_input(stage::ingest, topic);
    log.append(topic, 0, {{"a", "1"}, {"b", "2"}, {"c", "3"}}, 5);
    auto member = log.join(0, 1);
    CHECK(member->assignment().size() == 2);
    std::vector<fetched> got;
    member->poll(2, 0, got);
    REQUIRE(got.size() == 1);
    CHECK(got[0].count == 2);
    commit(*member, 2, "x");
  }
  local_log log(dir.path, {});
  CHECK(log.partitions(topic) == 2);
  CHECK(values(log, topic, 0) == std::vector<std::string>{"1", "2", "3"});
  CHECK(values(log, "weir.events", 0) == std::vector<std::string>{"x"});
  CHECK(log.committed(task) == 2);
  CHECK(log.store(task)->get("key") == "state x");
  log.add_input(stage::ingest, topic);
  auto member = log.join(0, 1);
  member->assignment();
  member->seek(0, log.committed(task));
  std::vector<fetched> rest;
  member->poll(10, 0, rest);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].chunk->value(rest[0].chunk->entries[rest[0].first]) == "3");
}

TEST_CASE("offsets of the local log go on where they were, and old runs can be dropped") {
  const folder dir;
  local_log log(dir.path, {});
  log.create_topic("t", 1);
  for (int i = 0; i < 5; ++i) log.append("t", 0, {{"", std::to_string(i)}}, i * 10);
  CHECK(log.end_of("t", 0) == 5);
  log.drop_before("t", 25);
  CHECK(values(log, "t", 0) == std::vector<std::string>{"3", "4"});
  CHECK(log.end_of("t", 0) == 5);
}

TEST_CASE("a topic of the local log keeps its partition count, and one process holds the log") {
  const folder dir;
  local_log log(dir.path, {});
  log.create_topic("t", 2);
  CHECK_THROWS_WITH_AS(log.create_topic("t", 3),
                       "topic t has 2 partitions, expected 3: partition counts cannot be changed",
                       std::runtime_error);
  CHECK_THROWS_AS(local_log(dir.path, {}), std::runtime_error);
}

}  // namespace weir
