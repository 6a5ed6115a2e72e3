#include "pipeline/session/session_apply.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/base/mutation.hpp"
#include "pipeline/event/device_type.hpp"
#include "pipeline/session/bot_judge.hpp"
#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

constexpr std::size_t expected_pages = 4;  // spares the first steps of growth

void count_custom_event(session& s, const event& e) {
  ++s.custom_events;
  s.form_starts += e[text::event_name] == "form_start";
}

void count_submit(session& s, const event& e) {
  ++s.form_submits;
  s.form_successes += e.form_success == flag::yes;
}

void count_type(session& s, const event& e) {
  switch (e.type) {
    case event_type::page_view:
      ++s.page_views;
      break;
    case event_type::click:
      ++s.clicks;
      break;
    case event_type::scroll:
      ++s.scrolls;
      break;
    case event_type::form_submit:
      count_submit(s, e);
      break;
    case event_type::video_play:
      ++s.video_plays;
      break;
    case event_type::custom_event:
      count_custom_event(s, e);
      break;
    case event_type::session_end:
      s.has_end = true;
      break;
    case event_type::session_start:
      break;
  }
}

/// What a claim says; nothing when it says that it does not know.
std::string_view known(std::string_view claim) {
  return claim == "unknown" || claim == "(none)" ? std::string_view{} : claim;
}

std::string_view scalar_of(const event& e, scalar which) {
  switch (which) {
    case scalar::user_id:
      return e[text::user_id];
    case scalar::visitor_id:
      return e[text::visitor_id];
    case scalar::device_type:
      return known(device_type_of(e));
    case scalar::browser:
      return known(e[text::browser]);
    case scalar::os:
      return known(e[text::os]);
    case scalar::country:
      return known(e[text::country]);
    case scalar::region:
      return known(e[text::region]);
    case scalar::count_:
      break;
  }
  return {};
}

void carry_scalars(session& s, const event& e, const moment& at) {
  if (s.scalar_values.empty()) s.scalar_values.resize(scalars);
  for (std::size_t i = 0; i < scalars; ++i) {
    if (!holds(rule::user_follows) && s.closed && static_cast<scalar>(i) == scalar::user_id) continue;
    auto& held = s.scalar_values[i];
    if (held.value.empty() || at < held.at) held.offer(at, scalar_of(e, static_cast<scalar>(i)));
  }
}

/// The path under which an event's page goes.
std::string_view path_of(const event& e) {
  const auto path = e[text::page_path];
  return path.empty() ? "(none)" : kept_part(path);
}

void insert_view(std::vector<viewed_page>& pages, const moment& at, std::string_view path) {
  const auto in_order = pages.empty() || pages.back().at < at;
  if (in_order && pages.size() > pages_published) return;
  if (pages.empty()) pages.reserve(expected_pages);
  if (in_order) return void(pages.push_back({at, std::string(path)}));
  const auto later = [](const moment& x, const viewed_page& page) { return x < page.at; };
  pages.insert(std::upper_bound(pages.begin(), pages.end(), at, later), {at, std::string(path)});
  if (pages.size() > pages_published + 1) pages.pop_back();
}

void set_exit(session& s, const moment& at, std::string_view path) {
  if (!s.exit) s.exit.emplace();
  if (!s.exit->path.empty() && at < s.exit->at) return;
  s.exit->at = at;
  s.exit->path.assign(path);
}

void view_page(session& s, const event& e, const moment& at) {
  const auto path = path_of(e);
  insert_view(s.pages, at, path);
  set_exit(s, at, path);
  if (auto* stats = stats_of(s, path, at.offset)) ++stats->views;
}

void scroll_page(session& s, const event& e, const moment& at) {
  const auto depth = e[number::scroll_depth];
  s.max_scroll_depth = std::max(s.max_scroll_depth, depth);
  if (s.bot) return;
  if (auto* stats = stats_of(s, path_of(e), at.offset))
    stats->deepest_scroll = std::max(stats->deepest_scroll, depth);
}

void meet_goal(session& s, std::uint16_t index) {
  const auto place = std::lower_bound(s.goals.begin(), s.goals.end(), index);
  if (place == s.goals.end() || *place != index) s.goals.insert(place, index);
}

/// An event pays once, however many goals it meets.
void meet_goals(session& s, const event& e, const rules& r) {
  auto pays = false;
  for (std::size_t i = 0; i < r.goals.size(); ++i) {
    if (!matches(r.goals[i].event, e)) continue;
    meet_goal(s, static_cast<std::uint16_t>(i));
    pays |= r.goals[i].revenue;
  }
  if (pays && e.has(number::event_value))
    s.revenue = wrapping_add(s.revenue, std::llround(e[number::event_value] * 1e6));
}

void insert_hit(std::vector<funnel_hit>& hits, const funnel_hit& hit) {
  const auto in_order = hits.empty() || hits.back() < hit;
  if (in_order && hits.size() >= hits_kept) return;
  if (in_order) return hits.push_back(hit);
  hits.insert(std::upper_bound(hits.begin(), hits.end(), hit), hit);
  if (hits.size() > hits_kept) hits.pop_back();
}

void hit_funnels(session& s, const event& e, const moment& at, const rules& r) {
  for (std::size_t i = 0; i < r.funnels.size(); ++i) {
    const auto& steps = r.funnels[i].steps;
    std::uint32_t met = 0;
    for (std::size_t n = 0; n < std::min<std::size_t>(steps.size(), funnel_steps_kept); ++n)
      if (matches(steps[n].match, e)) met |= 1U << n;
    if (met != 0) insert_hit(s.hits, {at, static_cast<std::uint16_t>(i), met});
  }
}

}  // namespace

path_stats* stats_of(session& s, std::string_view path, std::int64_t offset) {
  const auto same = [path](const path_stats& x) { return x.path == path; };
  const auto found = std::find_if(s.paths.rbegin(), s.paths.rend(), same);  // it is often the last one
  if (found != s.paths.rend()) return &*found;
  if (s.paths.size() >= paths_kept) return nullptr;
  if (s.paths.empty()) s.paths.reserve(expected_pages);
  return &s.paths.emplace_back(path_stats{std::string(path), offset});
}

void apply(session& s, const event& e, const stamp& at, const rules& r, const traffic_sources& sources) {
  const moment when{e.time, at.offset};
  count_minute(s, e.time);
  s.first = std::min(s.first, e.time);
  s.last = std::max(s.last, e.time);
  ++s.events;
  s.late += e.time < at.watermark;
  s.quality_sum += static_cast<std::uint64_t>(std::llround(e.quality * 100));
  count_type(s, e);
  judge(s, e, at, r.bots);
  carry_scalars(s, e, when);
  if (e.type == event_type::page_view && !s.bot) view_page(s, e, when);
  if (e.type == event_type::scroll) scroll_page(s, e, when);
  attribute(s, e, when, r, sources);
  meet_goals(s, e, r);
  hit_funnels(s, e, when, r);
}

}  // namespace weir
