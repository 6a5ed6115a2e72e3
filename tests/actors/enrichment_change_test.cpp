#include <doctest/doctest.h>

#include "pipeline/enrich/bot_agents.hpp"
#include "tests/actors/lane_fixture.hpp"

namespace weir::test {

namespace {

shared_enrichment list_of(const std::string& crawler) {
  auto data = std::make_shared<enrichment_data>();
  data->bots = std::make_shared<bot_agents>(bot_lists{{crawler}, {}});
  return data;
}

/// A lane whose list of crawlers the test changes.
struct changing_list : lane_fixture {
  shared_enrichment list = list_of("alphabot");

  changing_list() {
    settings.enrichment = [this] { return list; };
  }
  void view_by(const std::string& session, const std::string& agent, std::int64_t at) {
    const auto time = start + at * minute;
    wall = std::max(wall, time);
    log.append(topic, 0, session,
               R"({"event_id":"e)" + std::to_string(log.end_of(topic, 0)) +
                   R"(","event_type":"page_view","session_id":")" + session + R"(","user_agent":")" + agent +
                   R"(","page_url":"https://a.example/","timestamp":)" + std::to_string(time) + "}",
               time);
  }
  static void run(lane& l) {
    for (int i = 0; i < 20; ++i) l.step(0);
  }
  /// Of each event in silver: is it a bot's?
  std::string bots() {
    std::string all;
    for (const auto& silver : records("weir.events"))
      all += silver.find(R"("is_bot":true)") == std::string::npos ? '-' : 'b';
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(changing_list,
                  "a lane goes on with a new list, and what it read with the old one is never redone") {
  auto l = make();
  view_by("a", "alphabot/1", 0);
  run(*l);
  list = list_of("betabot");
  view_by("b", "alphabot/1", 1);
  run(*l);
  CHECK(l->context().enrichment.data() == list);
  view_by("c", "betabot/1", 2);
  run(*l);
  CHECK(bots() == "b-b");
  l.reset();  // without a last checkpoint
  auto next = make();
  run(*next);
  CHECK(next->counts().divergences == 0);
  CHECK(next->counts().redone < 3);
  CHECK(bots() == "b-b");
}

}  // namespace weir::test
