#include "pipeline/session/bot_judge.hpp"

#include <algorithm>
#include <cstdlib>

namespace weir {

namespace {

constexpr std::int64_t burst_gap = 500;         // milliseconds; shorter ones are a machine's
constexpr std::uint32_t views_unanswered = 10;  // page views without an interaction

std::int64_t minute_of(std::int64_t time) {
  constexpr std::int64_t minute = 60'000;
  return time / minute - (time % minute < 0);
}

bool bursts(const first_views& views) {
  const auto& at = views.at;
  const auto close = [](const moment& a, const moment& b) { return std::abs(b.time - a.time) < burst_gap; };
  return views.count == at.size() && close(at[0], at[1]) && close(at[1], at[2]);
}

signal_set signals_of(const session& s, const event& e, const stamp& at, const bot_rules& r) {
  signal_set found = 0;
  const auto add = [&found](bot_signal signal, bool it_holds) { found |= it_holds ? set_of(signal) : 0; };
  add(bot_signal::crawler, e.crawler);
  add(bot_signal::headless, e.headless);
  add(bot_signal::empty_agent, e.empty_agent);
  add(bot_signal::rate, s.minute_events > r.max_events_per_minute);
  add(bot_signal::burst, bursts(s.views));
  add(bot_signal::no_interaction, at.sends_interactions && s.page_views >= views_unanswered &&
                                      s.scrolls == 0 && s.clicks == 0 && s.form_submits == 0);
  return found;
}

}  // namespace

void count_minute(session& s, std::int64_t time) {
  const auto newest = minute_of(s.last), minute = minute_of(time);
  if (s.events == 0 || minute > newest)
    s.minute_events = 1;
  else
    s.minute_events += minute == newest;
}

void judge(session& s, const event& e, const stamp& at, const bot_rules& r) {
  if (e.type == event_type::page_view) s.views.offer({e.time, at.offset});
  s.bot_reasons |= signals_of(s, e, at, r);
  s.bot = s.bot || r.score(s.bot_reasons) >= r.threshold;
}

void merge_signs(session& s, const session& taken_in) {
  const auto newest = minute_of(s.last), other = minute_of(taken_in.last);
  if (other > newest) s.minute_events = 0;
  if (other >= newest) s.minute_events += taken_in.minute_events;
  for (std::size_t i = 0; i < taken_in.views.count; ++i) s.views.offer(taken_in.views.at[i]);
  s.bot_reasons |= taken_in.bot_reasons;
  s.bot |= taken_in.bot;
}

void inherit_verdict(session& opened, const std::vector<session>& kept) {
  for (const auto& s : kept) {
    if (!s.bot) continue;
    opened.bot = true;
    opened.bot_reasons |= s.bot_reasons;
  }
}

}  // namespace weir
