// A look into a geo database: GEO_DATABASE=FILE build/geo_bench; without it, MaxMind's test database.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "pipeline/enrich/geo_database.hpp"

namespace {

const weir::geo_database& database() {
  static const weir::geo_database made = [] {
    const auto* file = std::getenv("GEO_DATABASE");
    return weir::geo_database(file ? file : WEIR_SOURCE_DIR "/tests/data/geo/GeoIP2-City-Test.mmdb");
  }();
  return made;
}

std::vector<std::string> addresses(std::size_t count) {
  std::mt19937 random(1);
  std::vector<std::string> all;
  const auto part = [&] { return std::to_string(1 + random() % 222); };
  while (all.size() < count) all.push_back(part() + "." + part() + "." + part() + "." + part());
  return all;
}

void find(benchmark::State& state, const std::vector<std::string>& asked) {
  database();
  std::size_t at = 0, known = 0;
  for (auto _ : state) {
    known += !database().find(asked[at]).country.empty();
    at = at + 1 == asked.size() ? 0 : at + 1;
  }
  state.counters["known"] = benchmark::Counter(double(known), benchmark::Counter::kAvgIterations);
}

void any_address(benchmark::State& state) { find(state, addresses(100'000)); }
BENCHMARK(any_address);

void same_address(benchmark::State& state) { find(state, {"81.2.69.142"}); }
BENCHMARK(same_address);

}  // namespace

BENCHMARK_MAIN();
