#include "tools/demo/demo_traffic.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include "pipeline/base/wall_clock.hpp"

namespace weir {

namespace {

struct folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("weir-demo-traffic-" + std::to_string(getpid()));
  folder() { std::filesystem::remove_all(path); }
  ~folder() { std::filesystem::remove_all(path); }
};

constexpr auto topic = "topic_web_events";

demo_plan small_plan() {
  demo_plan p;
  p.seed = 3;
  p.sessions = 20;
  p.start = 1'767'225'600'000;
  p.partitions = 2;
  return p;
}

/// Sends until so many records are in the log of this folder, in a life of its own.
void send(const folder& dir, const demo_plan& plan, std::uint64_t records) {
  local_log log(dir.path, {}, {});
  log.create_topic(topic, plan.partitions);
  demo_traffic traffic(log, topic, plan, records);
  traffic.run({});
  CHECK(traffic.done());
  CHECK(traffic.sent() == records);
}

std::vector<std::string> all(const folder& dir) {
  local_log log(dir.path, {}, {});
  std::vector<std::string> lines;
  for (std::int32_t p = 0; p < 2; ++p)
    log.read(topic, p, 0, [&](auto, std::int64_t time, std::string_view key, std::string_view value) {
      lines.push_back(std::to_string(time) + ' ' + std::string(key) + ' ' + std::string(value));
      return true;
    });
  return lines;
}

}  // namespace

TEST_CASE("a demo's traffic goes on where the log ends: in several lives it is that of one") {
  std::vector<std::string> whole;
  {
    const folder dir;
    send(dir, small_plan(), 7'000);
    whole = all(dir);
  }
  const folder dir;
  for (const std::uint64_t records : {1, 5'000, 5'001, 7'000}) send(dir, small_plan(), records);
  CHECK(whole.size() == 7'000);
  CHECK(all(dir) == whole);
}

TEST_CASE("at a rate only records that are due are sent") {
  const folder dir;
  auto plan = small_plan();
  plan.rate = 10;
  plan.start = wall_now() - 60'000;
  local_log log(dir.path, {}, {});
  log.create_topic(topic, plan.partitions);
  demo_traffic traffic(log, topic, plan, 0);
  std::stop_source stop;
  std::jthread sender([&] { traffic.run(stop.get_token()); });
  while (traffic.sent() < 100) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  stop.request_stop();
  sender.join();
  std::int64_t latest = 0;
  for (std::int32_t p = 0; p < 2; ++p)
    log.read(topic, p, 0,
             [&](auto, std::int64_t time, auto, auto) { return latest = std::max(latest, time), true; });
  CHECK(latest <= wall_now());
}

TEST_CASE("a plan whose traffic would take all memory makes no traffic") {
  const folder dir;
  local_log log(dir.path, {}, {});
  log.create_topic(topic, 2);
  for (const double rate : {1e308, 1e9, 1e-300}) {
    auto plan = small_plan();
    plan.rate = rate;
    CHECK_THROWS_AS(demo_traffic(log, topic, plan, 0), std::invalid_argument);
  }
}

TEST_CASE("a demo's plan is kept in its folder, and what is no plan is told") {
  const folder dir;
  CHECK_FALSE(read_plan(dir.path).has_value());
  auto plan = small_plan();
  plan.rate = 0.1;
  write_plan(dir.path, plan);
  CHECK(read_plan(dir.path) == plan);
  std::filesystem::resize_file(dir.path / "demo.plan", 3);
  CHECK_THROWS_AS(read_plan(dir.path), std::runtime_error);
}

}  // namespace weir
