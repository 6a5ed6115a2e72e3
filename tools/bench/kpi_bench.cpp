// What KPIs cost: an event's contributions, adding them to the partial tier's tables, and flushing these.

#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "pipeline/kpi/contribute.hpp"
#include "pipeline/kpi/partial.hpp"

namespace {

using namespace weir;

constexpr std::size_t round_size = 1000;   // events between two quiet points
constexpr std::size_t epoch_rounds = 100;  // rounds between two commits
constexpr std::size_t sites = 20;
constexpr std::size_t pages = 500;
constexpr std::int64_t start = 1'700'000'100'000;

/// What differs from event to event; events are filled from it, so that they come from a warm cache as a
/// decoder's do.
struct pick {
  event_type type;
  std::uint8_t site, dice;
  std::uint16_t page, referrer, load_ms;
  std::uint32_t visitor;
};

struct load {
  explicit load(std::size_t page_count) : random(7) {
    for (std::size_t i = 0; i < sites; ++i) site_names.push_back("site-" + std::to_string(i));
    for (std::size_t i = 0; i < page_count; ++i) {
      paths.push_back("/products/category-" + std::to_string(i % 17) + "/item-" + std::to_string(i));
      urls.push_back("https://www.example.com" + paths.back());
    }
    for (std::size_t i = 0; i < epoch_rounds * round_size; ++i) picks.push_back(make());
  }

  /// The lower, the likelier: sites, pages and visitors are skewed.
  std::size_t skewed(std::size_t n) {
    const auto x = std::uniform_real_distribution<>(0, 1)(random);
    return static_cast<std::size_t>(x * x * static_cast<double>(n));
  }

  pick make() {
    const auto kind = random() % 10;
    pick p{};
    p.type = kind < 6 ? event_type::page_view : kind < 8 ? event_type::click : event_type::scroll;
    p.site = static_cast<std::uint8_t>(skewed(sites));
    p.dice = static_cast<std::uint8_t>(random());
    p.page = static_cast<std::uint16_t>(skewed(paths.size()));
    p.referrer = static_cast<std::uint16_t>(skewed(paths.size()));
    p.load_ms = static_cast<std::uint16_t>(random() % 4000);
    p.visitor = static_cast<std::uint32_t>(skewed(50'000));
    return p;
  }

  const event& fill(const pick& p) {
    e.type = p.type;
    e.time = start + p.load_ms * 10;
    e.present = 0;
    e[text::site_id] = site_names[p.site];
    e[text::page_path] = paths[p.page];
    e[text::page_url] = urls[p.page];
    e[text::referrer] = urls[p.referrer];
    e[text::device_type] = p.dice & 1 ? "mobile" : "desktop";
    e[text::browser] = p.dice & 6 ? "Chrome" : "Safari";
    e[text::os] = p.dice & 8 ? "Android" : "Windows";
    e[text::country] = p.dice & 48 ? "DE" : "FR";
    e[text::region] = p.dice & 64 ? "BE" : "HH";
    e[text::element_id] = "buy-button";
    if (p.type == event_type::page_view) e.set(number::page_load_time_ms, p.load_ms);
    return e;
  }

  std::mt19937_64 random;
  std::vector<std::string> site_names, paths, urls;
  std::vector<pick> picks;
  event e;
  rules settings;
};

void contribute_round(load& l, std::size_t round, contributions& out) {
  for (std::size_t i = 0; i < round_size; ++i) {
    const auto& p = l.picks[round * round_size + i];
    const event_context context{"topic_web_events", mix(p.visitor, 2), false, false};
    contribute_event(l.fill(p), {0, start, start, start}, context, l.settings, out);
  }
}

std::vector<partial_table> all_tables() {
  std::vector<partial_table> tables;
  for (std::size_t f = 0; f < families; ++f) tables.emplace_back(static_cast<family>(f), 8);
  return tables;
}

std::size_t add_all(const contributions& made, std::vector<partial_table>& tables) {
  std::size_t count = 0;
  for (std::size_t f = 0; f < families; ++f) {
    tables[f].add(made);
    count += made.of(static_cast<family>(f)).size();
  }
  return count;
}

void event_contributions(benchmark::State& state) {
  load l(pages);
  contributions made;
  std::size_t round = 0;
  for (auto _ : state) {
    contribute_round(l, round++ % epoch_rounds, made);
    made.clear();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * round_size));
}
BENCHMARK(event_contributions);

/// Items are adds; the tables hold an epoch and are flushed off the clock.
void partial_add(benchmark::State& state) {
  load l(static_cast<std::size_t>(state.range(0)));
  std::vector<contributions> made(epoch_rounds);
  for (std::size_t i = 0; i < epoch_rounds; ++i) contribute_round(l, i, made[i]);
  auto tables = all_tables();
  std::size_t adds = 0, round = 0;
  for (auto _ : state) {
    adds += add_all(made[round++ % epoch_rounds], tables);
    if (round % epoch_rounds != 0) continue;
    state.PauseTiming();
    for (auto& t : tables) t.flush([](std::string_view, std::string_view) {});
    state.ResumeTiming();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(adds));
}
BENCHMARK(partial_add)->Arg(50)->Arg(500)->Arg(20'000);

/// Items are events: contributions, adds and a flush every 100,000 events.
void event_to_partials(benchmark::State& state) {
  load l(static_cast<std::size_t>(state.range(0)));
  auto tables = all_tables();
  contributions made;
  std::size_t round = 0, bytes = 0;
  for (auto _ : state) {
    contribute_round(l, round++ % epoch_rounds, made);
    add_all(made, tables);
    made.clear();
    if (round % epoch_rounds != 0) continue;
    for (auto& t : tables) t.flush([&](std::string_view, std::string_view value) { bytes += value.size(); });
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * round_size));
  state.counters["bytes/event"] =
      static_cast<double>(bytes) / static_cast<double>(state.iterations() * round_size);
}
BENCHMARK(event_to_partials)->Arg(50)->Arg(500)->Arg(20'000);

}  // namespace

BENCHMARK_MAIN();
