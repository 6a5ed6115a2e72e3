#pragma once

#include <caf/actor_system.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/lane.hpp"
#include "actors/system_config.hpp"
#include "state/log/memory_log.hpp"
#include "state/store/memory_store.hpp"

namespace weir::test {

/// A lane over a memory log with one partition of events, and a clock that the test moves.
struct lane_fixture {
  static constexpr auto topic = "topic_web_events";
  static constexpr std::int64_t start = 1'700'000'000'000, minute = 60'000;

  rules r;
  traffic_sources sources{referrer_lists{}};
  system_config config;
  caf::actor_system system{config};
  memory_log log{{true, false, false}};
  std::int64_t wall = start;
  lane_settings settings;
  std::vector<std::string> warnings;

  lane_fixture() {
    for (const auto* name : {topic, "weir.dlq", "weir.sessions", "weir.events", "weir.partials"})
      log.create_topic(name, 1);
    log.add_input(stage::ingest, topic);
    settings.name = "lane-00";
    settings.checkpoints.interval = 24 * 60 * minute;  // everything is redone
    settings.sources = {std::string(topic) + "/0"};
    settings.intake = [](const task_id& id) {
      return intake_options{id.topic, id.partition, {}, false, true, {}, {}, {}};
    };
    settings.store = [](const task_id&) { return std::make_shared<memory_store>(); };
    settings.now = [this] { return wall; };
    settings.warn = [this](const std::string& what) { warnings.push_back(what); };
  }

  /// A new life of the lane, from what is committed.
  std::unique_ptr<lane> make() { return make(settings); }
  std::unique_ptr<lane> make(lane_settings s) {
    const auto name = s.name;
    auto made = std::make_unique<lane>(system, r, sources, std::move(s), log.join(name));
    made->recover();
    return made;
  }

  /// A page view of the session, so many minutes after the start.
  void view(const std::string& session, std::int64_t at) { view(topic, 0, session, at); }
  void view(const std::string& to, std::int32_t partition, const std::string& session, std::int64_t at) {
    const auto time = start + at * minute;
    const auto id = std::to_string(log.end_of(to, partition));
    wall = std::max(wall, time);
    log.append(to, partition, session,
               R"({"event_id":"e)" + id + R"(","event_type":"page_view","session_id":")" + session +
                   R"(","page_url":"https://a.example/","timestamp":)" + std::to_string(time) + "}",
               time);
  }

  std::vector<std::string> records(const std::string& of) {
    std::vector<std::string> all;
    log.read_all(of, 0, [&](auto, std::string_view value) { all.emplace_back(value); });
    return all;
  }
};

/// Reads everything and commits it.
inline void commit(lane& l) {
  l.land();
  while (l.poll(1000, 0) > 0) {
  }
  l.seal(false);
  l.land();
}

}  // namespace weir::test
