#include "pipeline/session/session_merge.hpp"

#include <algorithm>
#include <iterator>

#include "pipeline/session/bot_judge.hpp"
#include "pipeline/session/session_apply.hpp"
#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

void add_counts(session& a, const session& b) {
  a.events += b.events;
  a.page_views += b.page_views;
  a.clicks += b.clicks;
  a.scrolls += b.scrolls;
  a.form_starts += b.form_starts;
  a.form_submits += b.form_submits;
  a.form_successes += b.form_successes;
  a.video_plays += b.video_plays;
  a.custom_events += b.custom_events;
  a.duplicates += b.duplicates;
  a.late += b.late;
  a.quality_sum += b.quality_sum;
  a.revenue = wrapping_add(a.revenue, b.revenue);
  a.other_currency += b.other_currency;
}

void merge_scalars(session& a, const session& b) {
  if (a.scalar_values.empty()) a.scalar_values.resize(scalars);
  for (std::size_t i = 0; i < b.scalar_values.size(); ++i) a.scalar_values[i].offer(b.scalar_values[i]);
  a.referrer_host.offer(b.referrer_host);
}

/// Both in order; keeps the first `limit` of them together.
template <class T, class Before>
void merge_ordered(std::vector<T>& a, std::vector<T>&& b, std::size_t limit, Before before) {
  const auto middle = static_cast<std::ptrdiff_t>(a.size());
  a.insert(a.end(), std::make_move_iterator(b.begin()), std::make_move_iterator(b.end()));
  std::inplace_merge(a.begin(), a.begin() + middle, a.end(), before);
  if (a.size() > limit) a.resize(limit);
}

void merge_exit(session& a, session& b) {
  if (b.exit && (!a.exit || a.exit->at < b.exit->at)) a.exit = std::move(b.exit);
}

/// Adds what `b` knows of a path to what `a` knows of it, if it does.
bool join_path(std::vector<path_stats>& paths, const path_stats& b) {
  const auto same = [&b](const path_stats& a) { return a.path == b.path; };
  const auto found = std::find_if(paths.begin(), paths.end(), same);
  if (found == paths.end()) return false;
  found->first_offset = std::min(found->first_offset, b.first_offset);
  found->views += b.views;
  found->deepest_scroll = std::max(found->deepest_scroll, b.deepest_scroll);
  return true;
}

/// The first of both by first appearance; what one had dropped stays dropped.
void merge_paths(std::vector<path_stats>& a, std::vector<path_stats>&& b) {
  for (auto& stats : b)
    if (!join_path(a, stats)) a.push_back(std::move(stats));
  const auto sooner = [](const path_stats& x, const path_stats& y) {
    return x.first_offset < y.first_offset;
  };
  std::sort(a.begin(), a.end(), sooner);
  if (a.size() > paths_kept) a.resize(paths_kept);
}

void merge_goals(std::vector<std::uint16_t>& a, const std::vector<std::uint16_t>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end()), a.end());
}

}  // namespace

void merge(session& earlier, session&& later) {
  merge_signs(earlier, later);
  earlier.first = std::min(earlier.first, later.first);
  earlier.last = std::max(earlier.last, later.last);
  earlier.has_end |= later.has_end;
  earlier.full |= later.full;
  earlier.max_scroll_depth = std::max(earlier.max_scroll_depth, later.max_scroll_depth);
  add_counts(earlier, later);
  merge_scalars(earlier, later);
  if (later.evidence) offer_evidence(earlier, std::move(*later.evidence));
  const auto by_time = [](const viewed_page& x, const viewed_page& y) { return x.at < y.at; };
  merge_ordered(earlier.pages, std::move(later.pages), pages_published + 1, by_time);
  merge_exit(earlier, later);
  merge_paths(earlier.paths, std::move(later.paths));
  merge_goals(earlier.goals, later.goals);
  merge_ordered(earlier.hits, std::move(later.hits), hits_kept, std::less<>{});
}

}  // namespace weir
