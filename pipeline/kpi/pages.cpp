#include <vector>

#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t {
  page_views,
  page_load_ms_sum,
  page_load_ms_count,
  clicks,
  mobile_views,
  desktop_views,
  tablet_views,
  unique_sessions,
  entries,
  exits,
  bounces,
  conversions,
  entry_duration_ms,
  time_on_page_ms,
  time_on_page_count,
  bot_views,
  count_
};
enum class uniques : std::uint8_t { unique_visitors, count_ };
enum class samples : std::uint8_t { page_load_ms, scroll_depth, count_ };
enum class tops : std::uint8_t { referrer, country, count_ };

constexpr std::array<std::string_view, 1> key_names{"page_path"};
constexpr auto sum_names = slot_names<sums>(
    "page_views", "page_load_ms_sum", "page_load_ms_count", "clicks", "mobile_views", "desktop_views",
    "tablet_views", "unique_sessions", "entries", "exits", "bounces", "conversions", "entry_duration_ms",
    "time_on_page_ms", "time_on_page_count", "bot_views");
constexpr auto unique_names = slot_names<uniques>("unique_visitors");
constexpr auto sample_names = slot_names<samples>("page_load_ms", "scroll_depth");
constexpr auto top_names = slot_names<tops>("top_referrer", "top_country");

void add_load_time(const event& e, contributions& out) {
  if (!e.has(number::page_load_time_ms)) return;
  const auto load = e[number::page_load_time_ms];
  out.sum(slot(sums::page_load_ms_sum), std::llround(load));
  out.sum(slot(sums::page_load_ms_count), 1);
  out.sample(slot(samples::page_load_ms), load);
}

void add_page_view(const event_facts& f, contributions& out) {
  out.sum(slot(sums::page_views), 1);
  out.sum(slot(sums::mobile_views), f.device_type == "mobile");
  out.sum(slot(sums::desktop_views), f.device_type == "desktop");
  out.sum(slot(sums::tablet_views), f.device_type == "tablet");
  out.unique(slot(uniques::unique_visitors), f.context.visitor);
  add_load_time(f.e, out);
  if (!f.referrer_host.empty()) out.top(slot(tops::referrer), f.referrer_host);
  if (const auto country = f.e[text::country]; !country.empty() && country != "(none)")
    out.top(slot(tops::country), country);
}

/// What a session adds to one path.
struct path_part {
  std::string_view path;
  std::int64_t time_ms = 0;
  std::int64_t views = 0;
  const path_stats* stats = nullptr;  // null: not among the session's first named paths
};

path_part& part_of(std::vector<path_part>& parts, std::string_view path) {
  for (auto& p : parts)
    if (p.path == path) return p;
  return parts.emplace_back(path_part{path});
}

std::vector<path_part> parts_of(const session& s) {
  std::vector<path_part> parts;
  parts.reserve(s.paths.size() + 2);
  for (const auto& stats : s.paths) parts.push_back({stats.path, 0, 0, &stats});
  for (std::size_t i = 0; i < s.pages.size() && i < pages_published; ++i) {
    auto& part = part_of(parts, s.pages[i].path);
    part.time_ms += s.time_on_page(i);
    ++part.views;
  }
  if (s.exit) part_of(parts, s.exit->path);
  return parts;
}

void add_entry(const session& s, contributions& out) {
  out.sum(slot(sums::entries), 1);
  out.sum(slot(sums::bounces), s.bounced());
  out.sum(slot(sums::conversions), !s.goals.empty());
  out.sum(slot(sums::entry_duration_ms), s.duration());
}

void write_pages(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  const auto entries = sum(sums::entries);
  write_sums_and_uniques(pages_definition, c, out);
  out.field("page_load_ms_avg", ratio(sum(sums::page_load_ms_sum), sum(sums::page_load_ms_count)));
  write_quantile("page_load_ms_p50", c, slot(samples::page_load_ms), 0.5, out);
  write_quantile("page_load_ms_p90", c, slot(samples::page_load_ms), 0.9, out);
  write_quantile("page_load_ms_p99", c, slot(samples::page_load_ms), 0.99, out);
  out.field("ctr", ratio(sum(sums::clicks), sum(sums::page_views)));
  write_top("top_referrer", c, slot(tops::referrer), out);
  write_top("top_country", c, slot(tops::country), out);
  out.field("bounce_rate", ratio(sum(sums::bounces), entries));
  out.field("avg_session_duration_s", ratio(sum(sums::entry_duration_ms) / 1000, entries));
  out.field("avg_time_on_page_s", ratio(sum(sums::time_on_page_ms) / 1000, sum(sums::time_on_page_count)));
  write_quantile("scroll_depth_p25", c, slot(samples::scroll_depth), 0.25, out);
  write_quantile("scroll_depth_p50", c, slot(samples::scroll_depth), 0.5, out);
  write_quantile("scroll_depth_p75", c, slot(samples::scroll_depth), 0.75, out);
  write_quantile("scroll_depth_p95", c, slot(samples::scroll_depth), 0.95, out);
}

}  // namespace

const family_definition pages_definition{family::pages, "pages",      key_names, true,       sum_names, {},
                                         unique_names,  sample_names, top_names, write_pages};

void pages_event(const event_facts& f, contributions& out) {
  if (f.e.type != event_type::page_view && f.e.type != event_type::click) return;
  out.begin(family::pages, f.window, f.site, f.path);
  if (f.e.type == event_type::page_view)
    add_page_view(f, out);
  else
    out.sum(slot(sums::clicks), 1);
  if (f.context.late) out.late();
  out.end();
}

void pages_bot_view(const event_facts& f, contributions& out) {
  if (f.e.type != event_type::page_view) return;
  out.begin(family::pages, f.window, f.site, f.path);
  out.sum(slot(sums::bot_views), 1);
  if (f.context.late) out.late();
  out.end();
}

void pages_session(const session_facts& f, contributions& out) {
  const auto& s = f.s;
  for (const auto& part : parts_of(s)) {
    out.begin(family::pages, f.window, f.site, part.path);
    out.sum(slot(sums::unique_sessions), part.stats != nullptr);
    out.sum(slot(sums::time_on_page_ms), part.time_ms);
    out.sum(slot(sums::time_on_page_count), part.views);
    if (part.stats && part.stats->deepest_scroll >= 0)
      out.sample(slot(samples::scroll_depth), part.stats->deepest_scroll);
    if (!s.pages.empty() && s.pages.front().path == part.path) add_entry(s, out);
    out.sum(slot(sums::exits), s.exit && s.exit->path == part.path);
    out.end();
  }
}

}  // namespace weir
