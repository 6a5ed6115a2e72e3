#include "pipeline/users/user_hits.hpp"

#include <algorithm>

#include "pipeline/kpi/contribute_user.hpp"

namespace weir {

namespace {

funnel_hits& hits_at(user_hits& hits, std::uint64_t funnel) {
  const auto place = std::lower_bound(hits.begin(), hits.end(), funnel,
                                      [](const funnel_hits& of, std::uint64_t f) { return of.funnel < f; });
  if (place != hits.end() && place->funnel == funnel) return *place;
  return *hits.insert(place, {funnel, {}, 0, 0});
}

auto first_at(std::vector<placed_hit>& hits, std::int64_t time) {
  return std::partition_point(hits.begin(), hits.end(),
                              [time](const placed_hit& hit) { return hit.at.time < time; });
}

/// Passes over the hits of the day that are too many.
void keep_first(funnel_hits& of, std::int64_t day) {
  const auto gone = of.day == day ? of.forgotten : 0;
  const auto room =
      static_cast<std::ptrdiff_t>(hits_kept_a_day - std::min<std::size_t>(gone, hits_kept_a_day));
  const auto begin = first_at(of.hits, day * day_size), end = first_at(of.hits, (day + 1) * day_size);
  if (end - begin > room) of.hits.erase(begin + room, end);
}

/// Of one funnel, and in order.
void add_run(funnel_hits& of, const std::shared_ptr<const session_id>& session,
             std::span<const user_hit> news) {
  const auto old = static_cast<std::ptrdiff_t>(of.hits.size());
  for (const auto& hit : news) of.hits.push_back({hit.at, session, hit.steps});
  const auto middle = of.hits.begin() + old;
  if (old > 0 && *middle < middle[-1]) std::inplace_merge(of.hits.begin(), middle, of.hits.end());
  for (std::size_t i = 0; i < news.size(); ++i)
    if (const auto day = day_of(news[i].at.time); i == 0 || day != day_of(news[i - 1].at.time))
      keep_first(of, day);
}

void drop_empty(user_hits& hits) {
  std::erase_if(hits, [](const funnel_hits& of) { return of.hits.empty() && of.forgotten == 0; });
}

}  // namespace

bool placed_hit::operator<(const placed_hit& x) const {
  if (at.time != x.at.time) return at.time < x.at.time;
  const auto order = session == x.session ? std::strong_ordering::equal : *session <=> *x.session;
  return order != 0 ? order < 0 : at.offset < x.at.offset;
}

std::int64_t first_hit_of(const user_hits& hits, const session_id& id, std::int64_t none) {
  auto first = none;
  for (const auto& of : hits) {
    const auto hit =
        std::find_if(of.hits.begin(), of.hits.end(), [&id](const auto& h) { return *h.session == id; });
    if (hit != of.hits.end()) first = std::min(first, hit->at.time);
  }
  return first;
}

void erase_hits(user_hits& hits, const session_id& id) {
  for (auto& of : hits) std::erase_if(of.hits, [&id](const placed_hit& hit) { return *hit.session == id; });
  drop_empty(hits);
}

void add_hits(user_hits& hits, const session_id& id, std::span<const user_hit> news) {
  if (news.empty()) return;
  const auto session = std::make_shared<const session_id>(id);
  std::vector<user_hit> sorted(news.begin(), news.end());
  std::sort(sorted.begin(), sorted.end());  // by funnel, then by time and place
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    const auto end =
        std::find_if(begin, sorted.end(), [&](const auto& hit) { return hit.funnel != begin->funnel; });
    add_run(hits_at(hits, begin->funnel), session, {begin, end});
    begin = end;
  }
  drop_empty(hits);
}

void forget_first(funnel_hits& of, std::size_t count) {
  if (count == 0) return;
  const auto end = of.hits.begin() + static_cast<std::ptrdiff_t>(count);
  // Days in order: only the last one that a hit was forgotten of may still get others.
  if (const auto day = day_of(end[-1].at.time); of.forgotten == 0 || day >= of.day) {
    if (day != of.day) of.forgotten = 0;
    of.day = day;
    of.forgotten += static_cast<std::uint32_t>(end - first_at(of.hits, day * day_size));
  }
  of.hits.erase(of.hits.begin(), end);
}

}  // namespace weir
