#include "tools/demo/live_view.hpp"

#include <simdjson.h>

#include <algorithm>

namespace weir {

namespace {

using simdjson::ondemand::object;

constexpr std::int64_t shown = 3'600'000;  // milliseconds of event time
constexpr std::size_t top = 5;

bool is_shown(family fam) { return fam == family::site || fam == family::pages || fam == family::sources; }

std::int64_t count_of(object& metrics, std::string_view name) {
  std::int64_t x = 0;
  return metrics[name].get(x) == simdjson::SUCCESS ? x : 0;
}

double amount_of(object& metrics, std::string_view name) {
  double x = 0;
  return metrics[name].get(x) == simdjson::SUCCESS ? x : 0;
}

std::string text_of(object key, std::string_view name) {
  return std::string(std::string_view(key[name].get_string()));
}

void add(std::map<std::string, std::int64_t>& sums, const std::map<std::string, live_view::row>& rows) {
  for (const auto& [_, r] : rows) sums[r.name] += r.count;
}

std::vector<live_view::row> most(const std::map<std::string, std::int64_t>& sums) {
  std::vector<live_view::row> all;
  for (const auto& [name, n] : sums) all.push_back({name, n});
  const auto shown_rows = std::min(top, all.size());
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown_rows), all.end(),
                    [](const auto& a, const auto& b) { return a.count > b.count; });
  all.resize(shown_rows);
  return all;
}

}  // namespace

void live_view::take(const outbox& records) {
  for (const auto& r : records.records())
    if (r.topic == output::gold) take(static_cast<family>(r.family), records.key(r), records.value(r));
}

void live_view::take(family fam, std::string_view key, std::string_view json) {
  if (!is_shown(fam) || key.find("|5m|") == std::string_view::npos) return;
  thread_local simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(json);
  auto document = parser.iterate(padded);
  object record = document.get_object();
  const std::int64_t start = record["window_start"].get_int64();
  std::string name;
  if (fam == family::pages) name = text_of(record["key"].get_object(), "page_path");
  if (fam == family::sources) {
    object parts = record["key"].get_object();
    name = text_of(parts, "medium");
    name += ' ' + text_of(parts, "source");
  }
  object m = record["metrics"].get_object();
  std::lock_guard lock(mutex_);
  auto& w = windows_[start];
  const std::string id(key);
  if (fam == family::pages) w.pages[id] = {std::move(name), count_of(m, "page_views")};
  if (fam == family::sources) w.sources[id] = {std::move(name), count_of(m, "sessions")};
  if (fam == family::site)
    w.sites[id] = {count_of(m, "unique_visitors"), count_of(m, "page_views"),
                   count_of(m, "sessions_closed"), count_of(m, "sessions_open"),
                   count_of(m, "bounces"),         count_of(m, "sessions_with_views"),
                   count_of(m, "conversions"),     amount_of(m, "revenue")};
  forget_old();
}

void live_view::forget_old() {
  while (windows_.rbegin()->first - windows_.begin()->first >= shown) windows_.erase(windows_.begin());
}

live_view::snapshot live_view::look() const {
  std::lock_guard lock(mutex_);
  snapshot s;
  if (windows_.empty()) return s;
  s.from = windows_.begin()->first;
  s.to = windows_.rbegin()->first;
  std::map<std::string, std::int64_t> pages, sources;
  for (const auto& [_, w] : windows_) {
    add(pages, w.pages);
    add(sources, w.sources);
    for (const auto& [__, m] : w.sites) {
      s.page_views += m.page_views, s.sessions_closed += m.closed, s.sessions_open += m.open;
      s.bounces += m.bounces, s.sessions_with_views += m.with_views;
      s.conversions += m.conversions, s.revenue += m.revenue;
    }
  }
  for (const auto& [_, m] : windows_.rbegin()->second.sites) s.visitors += m.visitors;
  s.pages = most(pages);
  s.sources = most(sources);
  return s;
}

}  // namespace weir
