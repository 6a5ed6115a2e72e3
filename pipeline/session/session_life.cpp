#include <algorithm>

#include "pipeline/base/hash.hpp"
#include "pipeline/base/mutation.hpp"
#include "pipeline/kpi/contribute.hpp"
#include "pipeline/session/bot_judge.hpp"
#include "pipeline/session/candidates.hpp"
#include "pipeline/session/key_state.hpp"
#include "pipeline/session/session_apply.hpp"
#include "pipeline/session/session_changes.hpp"
#include "pipeline/session/session_merge.hpp"

namespace weir {

std::int64_t session_life::deadline(const session_times& s) const {
  if (s.full) return -unlimited;
  return s.has_end ? s.last : s.last + rules_.session.timeout + 1;
}

bool session_life::due(const session_times& s, std::int64_t clock) const { return clock >= deadline(s); }

bool session_life::past_close(const session& s, std::int64_t watermark) const {
  return watermark > s.last + rules_.session.timeout || (s.has_end && watermark >= s.last);
}

namespace {

template <class Sessions, class Deadline>
std::int64_t lowest_close(const Sessions& sessions, const Deadline& deadline) {
  auto lowest = unlimited;
  for (const auto& s : sessions)
    if (!s.closed) lowest = std::min(lowest, deadline(s));
  return lowest;
}

/// `lowest` is when the oldest id is forgotten.
template <class Sessions>
std::int64_t lowest_forget(const Sessions& sessions, std::int64_t lowest, std::int64_t kept) {
  for (const auto& s : sessions) lowest = std::min(lowest, s.last + kept + 1);
  return lowest;
}

}  // namespace

std::int64_t session_life::next_close(const key_state& key) const {
  return lowest_close(key.sessions, [this](const auto& s) { return deadline(s); });
}

std::int64_t session_life::next_close(const key_outline& key) const {
  return lowest_close(key.sessions, [this](const auto& s) { return deadline(s); });
}

std::int64_t session_life::next_forget(const key_state& key) const {
  const auto lateness = rules_.time.allowed_lateness;
  const auto id = key.ids.empty() ? unlimited : key.ids.oldest() + lateness + 1;
  return lowest_forget(key.sessions, id, rules_.session.timeout + lateness);
}

std::int64_t session_life::next_forget(const key_outline& key) const {
  const auto lateness = rules_.time.allowed_lateness;
  const auto id = key.oldest_id ? *key.oldest_id + lateness + 1 : unlimited;
  return lowest_forget(key.sessions, id, rules_.session.timeout + lateness);
}

void session_life::advance(const session_name& name, key_state& key, std::int64_t clock,
                           std::int64_t watermark, effects& out) const {
  auto forgets = false;
  const auto forgotten = [&](const session& s) {
    return (s.closed || !holds(rule::open_kept)) &&
           watermark > s.last + rules_.session.timeout + rules_.time.allowed_lateness;
  };
  for (auto& s : key.sessions) {
    if (!s.closed && due(s, clock)) session_changes(name, rules_, out).close(s);
    forgets |= forgotten(s);
  }
  if (forgets) std::erase_if(key.sessions, forgotten);
  key.ids.forget(watermark - rules_.time.allowed_lateness);
}

void session_life::take(const session_name& name, key_state& key, const event& e, const stamp& at,
                        effects& out) const {
  const session_changes changes(name, rules_, out);
  const auto id = hash64(e[text::event_id]);
  if (key.ids.contains(id)) {
    contribute_duplicate(name.topic, at, out.kpis);
    return take_duplicate(changes, key, e.time);
  }
  out.ids_dropped += key.ids.add(id, e.time);
  const auto found = find_candidates(key.sessions, e.time, rules_.session);
  const auto amends = [&](const auto& place) {
    return place && past_close(key.sessions[*place], at.watermark);
  };
  const auto amended = amends(found.earlier) || amends(found.later);
  const auto& joined = found.earlier ? join(changes, key, found, e, at) : open(changes, key, e, at);
  changes.send_event(joined, e, at, amended);
}

void session_life::take_duplicate(const session_changes& changes, key_state& key, std::int64_t time) const {
  ++changes.out().duplicates;
  const auto place = find_nearest(key.sessions, time, rules_.session);
  if (!place) return;
  auto& s = key.sessions[*place];
  ++s.duplicates;  // of which the KPIs of sessions know nothing
  if (s.closed) changes.publish(s);
}

void session_life::close_overfull(const session_changes& changes, key_state& key, std::int64_t time) const {
  for (auto& s : key.sessions) {
    if (s.full || time <= s.last || !within_timeout(s, time, rules_.session)) continue;
    s.full = true;
    s.closed ? changes.publish(s) : changes.close(s);  // close_reason is new, nothing that is counted
  }
}

const session& session_life::open(const session_changes& changes, key_state& key, const event& e,
                                  const stamp& at) const {
  close_overfull(changes, key, e.time);
  const auto later = [](std::int64_t time, const session& s) { return time < s.first; };
  const auto place = std::upper_bound(key.sessions.begin(), key.sessions.end(), e.time, later);
  auto& s = *key.sessions.emplace(place);
  s.opened_at = s.first = s.last = e.time;
  inherit_verdict(s, key.sessions);
  apply(s, e, at, rules_, sources_);
  changes.count_in(s);
  if (s.bot) changes.tell_verdict(s, true, 0, at);
  return s;
}

const session& session_life::join(const session_changes& changes, key_state& key, const candidates& found,
                                  const event& e, const stamp& at) const {
  auto& s = key.sessions[*found.earlier];
  // What an open session adds is only that it started: the same as long as it starts in the same window.
  const auto recounts = s.closed || window_of(std::min(s.first, e.time)) != window_of(s.first);
  const auto old_user = s.closed ? user_of(changes.name(), s) : std::string();
  if (recounts) changes.count_out(s);
  const bool was_bot = s.bot;
  bool had_bot = s.bot;
  std::uint64_t unjudged = s.bot ? 0 : s.events;
  if (found.later) {
    auto& later = key.sessions[*found.later];
    had_bot |= later.bot;
    unjudged += later.bot ? 0 : later.events;
    changes.withdraw(later, s);
    merge(s, std::move(later));
  }
  apply(s, e, at, rules_, sources_);
  if (recounts) changes.count_in(s);
  if (s.bot && !was_bot && !recounts) changes.count_out_start(s);
  if (s.bot) changes.tell_verdict(s, !had_bot, unjudged, at);
  if (s.closed) changes.publish(s, old_user);
  if (found.later) {
    key.sessions.erase(key.sessions.begin() + static_cast<std::ptrdiff_t>(*found.later));
  }
  return key.sessions[*found.earlier - (found.later && *found.later < *found.earlier)];
}

}  // namespace weir
