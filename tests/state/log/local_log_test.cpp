#include "state/log/local_log.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <thread>

namespace weir {

namespace {

using cleanup = local_log::cleanup;
using new_records = std::vector<local_log::new_record>;

/// A folder of its own, removed at the end.
struct folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("weir-local-log-" + std::to_string(getpid()));
  folder() { std::filesystem::remove_all(path); }
  ~folder() { std::filesystem::remove_all(path); }
};

constexpr auto topic = "topic_web_events";
const task_id task{stage::ingest, topic, 0};

std::vector<std::string> values(local_log& log, const std::string& of, std::int32_t partition) {
  std::vector<std::string> all;
  log.read(of, partition, 0,
           [&](auto, auto, auto, std::string_view value) { return all.emplace_back(value), true; });
  return all;
}

std::vector<std::string> latest(local_log& log, const std::string& of, std::string_view prefix) {
  std::vector<std::string> all;
  log.read_latest(of, 0, prefix,
                  [&](std::int64_t offset, auto, std::string_view key, std::string_view value) {
                    all.push_back(std::string(key) + "=" + std::string(value) + "@" + std::to_string(offset));
                    return true;
                  });
  return all;
}

std::unique_ptr<epoch> epoch_to(std::int64_t next, std::int64_t redo_from, const std::string& state) {
  auto e = std::make_unique<epoch>();
  e->tasks.push_back({task, next, redo_from, {{"key", state}}});
  return e;
}

outcome land(log_member& member, std::unique_ptr<epoch> e) {
  member.commit(std::move(e));
  std::optional<outcome> how;
  while (!(how = member.landed())) std::this_thread::yield();
  return *how;
}

/// A log with the source topic and its task's member.
struct opened {
  local_log log;
  std::unique_ptr<log_member> member;
  explicit opened(const folder& dir, local_log::retention keep = {}) : log(dir.path, {}, keep) {
    log.create_topic(topic, 2);
    log.create_topic("weir.events", 1);
    log.create_topic("weir.gold.site", 1, cleanup::compact);
    log.add_input(stage::ingest, topic);
    member = log.join(0, 1);
    member->assignment();
  }
};

}  // namespace

TEST_CASE("the local log keeps records, state and offsets of a commit together, also over a restart") {
  const folder dir;
  {
    opened a(dir);
    a.log.append(topic, new_records{{0, 5, "a", "1"}, {0, 5, "b", "2"}, {0, 5, "c", "3"}});
    CHECK(a.member->assignment().size() == 2);
    std::vector<fetched> got;
    a.member->poll(2, 0, got);
    REQUIRE(got.size() == 1);
    CHECK(got[0].count == 2);
    auto e = epoch_to(2, 2, "state");
    e->outputs.put(output::events, 0, "k", "x");
    REQUIRE(land(*a.member, std::move(e)) == outcome::committed);
  }
  opened b(dir);
  CHECK(b.log.partitions(topic) == 2);
  CHECK(values(b.log, topic, 0) == std::vector<std::string>{"1", "2", "3"});
  CHECK(values(b.log, "weir.events", 0) == std::vector<std::string>{"x"});
  CHECK(b.log.committed(task) == 2);
  CHECK(b.log.store(task)->get("key") == "state");
  b.member->seek(0, b.log.committed(task));
  std::vector<fetched> rest;
  b.member->poll(10, 0, rest);
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].chunk->value(rest[0].chunk->entries[rest[0].first]) == "3");
}

TEST_CASE("a run of the local log is read on in batches of any size, and a paused task not at all") {
  const folder dir;
  opened a(dir);
  new_records many;
  for (int i = 0; i < 10; ++i) many.push_back({0, i, "", std::to_string(i)});
  a.log.append(topic, many);
  a.log.append(topic, new_records{{0, 10, "", "10"}});
  std::string read;
  for (int n : {3, 3, 3, 3}) {
    a.member->pause(0, true);
    std::vector<fetched> got;
    a.member->poll(static_cast<std::size_t>(n), 0, got);
    CHECK(got.empty());
    a.member->pause(0, false);
    a.member->poll(static_cast<std::size_t>(n), 0, got);
    for (const auto& run : got)
      for (auto i = run.first; i < run.first + run.count; ++i)
        read.append(run.chunk->value(run.chunk->entries[i])).append(" ");
  }
  CHECK(read == "0 1 2 3 4 5 6 7 8 9 10 ");
}

TEST_CASE("what a lane would write into its copy of the state is there already, and nothing else gets in") {
  const folder dir;
  opened a(dir);
  const auto store = a.log.store(task);
  REQUIRE(land(*a.member, epoch_to(1, 1, "committed")) == outcome::committed);
  store->apply({{"key", "never committed"}});
  CHECK(store->get("key") == "committed");
}

TEST_CASE("a compacted topic of the local log tells the last record of each key, also over a restart") {
  const folder dir;
  {
    opened a(dir);
    for (const auto* value : {"1", "2"}) {
      auto e = epoch_to(0, 0, "");
      for (const auto* key : {"s|5m|1", "s|5m|2", "t|5m|1"}) e->outputs.put(output::gold, 0, key, value);
      REQUIRE(land(*a.member, std::move(e)) == outcome::committed);
    }
  }
  opened b(dir);
  CHECK(latest(b.log, "weir.gold.site", "s|") == std::vector<std::string>{"s|5m|1=2@3", "s|5m|2=2@4"});
  CHECK(values(b.log, "weir.gold.site", 0).size() == 6);
}

TEST_CASE("an input of the local log can end, and a member is told") {
  const folder dir;
  opened a(dir);
  CHECK_FALSE(a.member->end_of(0).ended);
  a.log.end_topic(topic);
  CHECK(a.member->end_of(0).ended);
}

TEST_CASE("runs of the local log older than its retention are dropped, but not what a task may read again") {
  const folder dir;
  opened a(dir, {20, std::uint64_t{1} << 40});
  for (int i = 0; i < 5; ++i)
    for (const auto* name : {topic, "weir.events"})
      a.log.append(name, new_records{{0, i * 10, "", std::to_string(i)}});
  a.log.drop_old(45);
  CHECK(values(a.log, "weir.events", 0) == std::vector<std::string>{"3", "4"});
  CHECK(values(a.log, topic, 0).size() == 5);  // its task has not committed
  REQUIRE(land(*a.member, epoch_to(4, 2, "")) == outcome::committed);
  a.log.drop_old(45);
  CHECK(values(a.log, topic, 0) == std::vector<std::string>{"2", "3", "4"});
  CHECK(a.log.start_of(topic, 0) == 2);
  CHECK_THROWS_WITH_AS(a.member->seek(0, 1),
                       "topic_web_events/0: the log begins at offset 2, but the task must read from 1",
                       std::runtime_error);
  a.log.drop_old(1'000'000);
  CHECK(values(a.log, "weir.events", 0) ==
        std::vector<std::string>{"4"});  // it says where the partition ends
  CHECK(a.log.end_of("weir.events", 0) == 5);
}

TEST_CASE("a local log that has outgrown its size drops its oldest runs") {
  const folder dir;
  std::uint64_t noise = 1;
  for (opened a(dir); a.log.end_of("weir.events", 0) < 100;) {
    std::string value;
    while (value.size() < 4096) noise = mix(noise, 7), value += std::to_string(noise);
    a.log.append("weir.events", new_records{{0, 0, "", value}});
  }
  // Opened again, since the store only guesses the size of what it has not written to a file.
  opened a(dir, {std::int64_t{1} << 60, 64 << 10});
  a.log.drop_old(0);
  const auto left = values(a.log, "weir.events", 0).size();
  CHECK(left > 1);
  CHECK(left < 40);
  CHECK(a.log.end_of("weir.events", 0) == 100);
}

TEST_CASE("a topic of the local log tells whether it is compacted") {
  const folder dir;
  opened a(dir);
  CHECK(a.log.compacted("weir.gold.site"));
  CHECK_FALSE(a.log.compacted("weir.events"));
  CHECK_FALSE(a.log.compacted("weir.bogus"));
}

TEST_CASE("a topic of the local log keeps its partition count, and one process holds the log") {
  const folder dir;
  opened a(dir);
  CHECK_THROWS_WITH_AS(
      a.log.create_topic(topic, 3),
      "topic topic_web_events has 2 partitions, expected 3: partition counts cannot be changed",
      std::runtime_error);
  CHECK_THROWS_WITH_AS(local_log(dir.path, {}, {}), doctest::Contains("is in use by another process"),
                       std::runtime_error);
}

TEST_CASE("a local log whose files are damaged says so") {
  const folder dir;
  { const opened a(dir); }
  for (const auto& file : std::filesystem::directory_iterator(dir.path))
    if (file.path().filename().string().starts_with("MANIFEST")) std::filesystem::resize_file(file, 10);
  CHECK_THROWS_AS(local_log(dir.path, {}, {}), damaged_store);
}

TEST_CASE("records for a topic that is not there fail the lane, and nothing of the epoch is visible") {
  const folder dir;
  opened a(dir);
  auto e = epoch_to(1, 1, "lost");
  e->outputs.put(output::dlq, 0, "k", "x");
  a.member->commit(std::move(e));
  CHECK_THROWS_WITH_AS(
      [&] {
        while (!a.member->landed()) std::this_thread::yield();
      }(),
      "there is no topic weir.dlq", std::runtime_error);
  CHECK(a.log.committed(task) == 0);
  CHECK_FALSE(a.log.store(task)->get("key").has_value());
}

}  // namespace weir
