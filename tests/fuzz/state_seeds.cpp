#include "tests/fuzz/state_seeds.hpp"
#include "tests/fuzz/bytes_of.hpp"

#include "actors/clock_report.hpp"
#include "pipeline/kpi/partial.hpp"
#include "pipeline/kpi/window_cell.hpp"
#include "pipeline/users/user_state.hpp"
#include "state/checkpoint/epoch_record.hpp"
#include "state/log/record_run.hpp"
#include "tests/pipeline/kpi/random_cells.hpp"
#include "tests/pipeline/session/session_fixture.hpp"

namespace weir::fuzz {

namespace {

using test::hour;
using test::minute;
using test::noon;
using test::second;

constexpr unsigned cells = 12;

template <class T>
std::string encoded(const T& value) {
  std::string bytes;
  encode(value, bytes);
  return bytes;
}

std::string bytes_of(const user_state& user) {
  parted_value value;
  encode(user, value);
  return value.bytes;
}

std::string bytes_of(const key_state& key) {
  parted_value value;
  encode(key, value);
  return value.bytes;
}

cell many_of_all() {
  cell c;
  c.sums = {1, -1, std::int64_t{1} << 62};
  c.uniques.resize(2);
  c.samples.resize(1);
  c.tops.resize(1);
  for (std::uint64_t i = 1; i < 1500; ++i) {
    c.uniques[1].add(i * 0x9e3779b97f4a7c15ULL);
    c.samples[0].add(static_cast<double>(i * i));
    c.tops[0].add(std::to_string(i));
  }
  return c;
}

/// A session of everything that one can carry.
test::session_fixture& full_session(test::session_fixture& f) {
  f.settings.goals = {{"g", {{}, "", "/3", 0}, false}};
  f.settings.funnels = {{"f", funnel::reach::session, hour, {{"a", {{}, "", "/*", 0}}}}};
  for (int i = 0; i < 12; ++i) f.give_view(noon + i * second, "/" + std::to_string(i));
  auto e = f.view(noon);
  e[text::user_id] = "u";
  e[text::referrer] = "https://www.google.com/?q=x";
  f.give(e);
  auto half = f.make(event_type::scroll, noon, "/1");
  half.set(number::scroll_depth, 12.5);
  f.give(half);
  return f;
}

}  // namespace

seeds key_state_seeds() {
  seeds all{bytes_of(key_state{})};
  test::session_fixture f, many;
  f.give_view(noon, "/a");
  all.push_back(bytes_of(f.key));
  all.push_back(bytes_of(full_session(f).key));
  f.give_view(noon + 50 * minute, "/later");
  f.pass(noon + 55 * minute);
  all.push_back(bytes_of(f.key));
  for (int i = 0; i < 230; ++i) many.give_view(noon + i * second, "/" + std::to_string(i));
  all.push_back(bytes_of(many.key));
  test::session_fixture of_bot;
  of_bot.settings.bots = {};
  for (int i = 0; i < 5; ++i) of_bot.give_view(noon + i * 100, "/" + std::to_string(i));
  all.push_back(bytes_of(of_bot.key));
  return all;
}

seeds epoch_record_seeds() {
  epoch_record none, some;
  some.next = 100'000;
  some.owed = {17, 0x9e3779b97f4a7c15ULL};
  for (std::int64_t i = 0; i < 5; ++i) some.ring.push_back({i * 100, {noon, noon + i, noon}, {}, noon + i});
  some.dead = {3, 99};
  some.dead_keys = {{100, "default|s1"}, {400, ""}};
  return {encoded(none), encoded(some)};
}

seeds partial_seeds() {
  partial_table table(family::pages, 2);
  contributions made;
  for (std::int64_t i = 0; i < 20; ++i) {
    const auto path = "/" + std::to_string(i % 7);  // until `end` keeps it
    made.begin(family::pages, i % 3 * window_size, "shop", path);
    made.sum(0, i - 3);
    made.unique(0, static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15ULL);
    made.sample(0, static_cast<double>(i));
    made.top(0, "bing.com");
    if (i % 5 == 0) made.late();
    made.end();
  }
  table.add(made);
  seeds all;
  table.flush([&](std::string_view, std::string_view value) { all.emplace_back(value); });
  return all;
}

seeds cell_seeds() {
  seeds all{bytes_of(many_of_all())};
  for (unsigned i = 0; i < cells; ++i) all.push_back(bytes_of(kpi_test::random_cell(i)));
  return all;
}

seeds window_cell_seeds() {
  seeds all;
  for (unsigned i = 0; i < cells; ++i) {
    window_cell w;
    w.data = kpi_test::random_cell(i);
    w.changed = i & 1, w.told = i & 2, w.told_final = i & 4;
    w.encode(all.emplace_back());
  }
  return all;
}

seeds cell_key_seeds() {
  seeds all;
  for (const auto size : {granularity::five_minutes, granularity::local_day})
    all.push_back(
        cell_state_key({{size, noon, noon + hour}, family::devices, 3, "shop", {"mobile", "", "x"}}));
  return all;
}

seeds hyperloglog_seeds() {
  seeds all;
  for (const std::uint64_t n : {0, 2, 60, 1100, 40'000}) {
    hyperloglog h;
    for (std::uint64_t i = 1; i <= n; ++i) h.add(i * 0x9e3779b97f4a7c15ULL);
    all.push_back(bytes_of(h));
  }
  return all;
}

seeds ddsketch_seeds() {
  ddsketch d;
  seeds all{bytes_of(d)};
  for (int i = 0; i < 200; ++i) d.add(i * i, i % 2 ? 1 : -3);
  all.push_back(bytes_of(d));
  return all;
}

seeds top_seeds() {
  seeds all;
  for (const int n : {0, 3, 2000}) {
    top_counts t;
    for (int i = 0; i < n; ++i) t.add(std::to_string(i), i - 7);
    all.push_back(bytes_of(t));
  }
  return all;
}

seeds user_state_seeds() {
  user_state some;
  for (int i = 0; i < 3; ++i) {
    user_session s;
    s.id = {"topic|shop|s|" + std::to_string(noon + i * hour), i};
    s.started_at = noon + i * hour;
    s.ended_at = s.started_at + second;
    s.page_views = 3;
    s.converted = i == 1;
    some.sessions.push_back(s);
    add_hits(some.hits, s.id, std::vector<user_hit>{{7, {s.started_at, i}, 1}, {9, {s.ended_at, i + 5}, 6}});
  }
  auto settled = some;
  settled.settled.emplace();
  for (const auto& s : some.sessions) settled.settled->add(s);
  forget_first(settled.hits.front(), 2);
  return {bytes_of(user_state{}), bytes_of(some), bytes_of(settled)};
}

seeds clock_report_seeds() {
  return {encoded(clock_report{}), encoded(clock_report{noon, noon + second, noon, noon - hour})};
}

seeds run_seeds() {
  record_chunk chunk;
  for (std::int64_t i = 0; i < 5; ++i) chunk.add(70 + i, noon + i, "k" + std::to_string(i), R"({"a":1})");
  return {encode_run(chunk)};
}

seeds gold_seeds() {
  static const rules settings;
  seeds all;
  for (const auto fam : {family::site, family::pages, family::sources, family::forms}) {
    gold_record g;
    g.fam = fam;
    g.site = "shop";
    g.start = noon;
    g.end = noon + window_size;
    g.key = {"/a", "b", "c"};
    g.with_sketches = true;
    write_gold(g, many_of_all(), settings, all.emplace_back());
    write_gold(g, {}, settings, all.emplace_back());
  }
  return all;
}

}  // namespace weir::fuzz
