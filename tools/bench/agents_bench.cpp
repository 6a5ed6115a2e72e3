// What finding out about a user agent costs an event: when the lane has not met it, and when it has.
#include <benchmark/benchmark.h>

#include <fmt/format.h>

#include <string>
#include <vector>

#include "config/enrichment_files.hpp"
#include "pipeline/enrich/agent_matcher.hpp"
#include "pipeline/enrich/bot_agents.hpp"
#include "pipeline/enrich/enricher.hpp"

namespace {

using namespace weir;

const shared_enrichment& data() {
  static const auto made = enrichment_files(settings{}).current();
  return made;
}

/// Agents that differ, of phones and desktops in turn.
std::string agent(std::size_t i) {
  if (i % 2 == 0)
    return fmt::format(
        "Mozilla/5.0 (Linux; Android {}; SM-S{}B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{}.0 "
        "Mobile "
        "Safari/537.36",
        8 + i % 7, 900 + i % 90, 90 + i % 40, i);
  return fmt::format(
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.{}.0 "
      "Safari/537.36",
      90 + i % 40, i);
}

void enrich_new_agent(benchmark::State& state) {
  const rules r;
  enricher by(r, data());
  arena texts;
  std::size_t i = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto text = agent(i++);
    event e;
    e[text::user_agent] = text;
    texts.reset();
    state.ResumeTiming();
    by.enrich(e, texts);
    benchmark::DoNotOptimize(e);
  }
}
BENCHMARK(enrich_new_agent);

void enrich_known_agent(benchmark::State& state) {
  const rules r;
  enricher by(r, data());
  arena texts;
  std::vector<std::string> agents;
  for (std::size_t i = 0; i < 1000; ++i) agents.push_back(agent(i));
  std::size_t i = 0;
  for (auto _ : state) {
    event e;
    e[text::user_agent] = agents[i++ % agents.size()];
    if (i % 1000 == 0) texts.reset();
    by.enrich(e, texts);
    benchmark::DoNotOptimize(e);
  }
}
BENCHMARK(enrich_known_agent);

void match_rules(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(data()->agents->facts(agent(i++)));
}
BENCHMARK(match_rules);

void match_crawlers(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(data()->bots->is_crawler(agent(i++)));
}
BENCHMARK(match_crawlers);

void load_lists(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(enrichment_files(settings{}).current());
}
BENCHMARK(load_lists)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
