#include "pipeline/users/user_change.hpp"

#include <algorithm>
#include <limits>
#include <span>

#include "pipeline/base/hash.hpp"
#include "pipeline/kpi/contribute_user.hpp"

namespace weir {

namespace {

const user_session* find(const user_state& user, const session_id& id) {
  const auto found = std::find_if(user.sessions.begin(), user.sessions.end(),
                                  [&id](const user_session& s) { return s.id == id; });
  return found == user.sessions.end() ? nullptr : &*found;
}

bool begins_a_life(const user_state& user, const std::vector<told_life>& lives, const user_session& s) {
  return std::any_of(lives.begin(), lives.end(),
                     [&](const told_life& l) { return l.first && &user.sessions[*l.first] == &s; });
}

/// Adds what `f(x)` makes, or takes it back.
template <class F>
void signed_by(int sign, contributions& out, F&& f) {
  out.sign(sign);
  f();
  out.sign(+1);
}

constexpr auto no_hit = std::numeric_limits<std::int64_t>::max();

/// The first hit that the session has, or is to have.
std::int64_t first_hit(const user_state& user, bool known, const session_news& news) {
  auto first = known ? first_hit_of(user.hits, news.session.id, no_hit) : no_hit;
  if (!news.withdrawn)
    for (const auto& hit : news.hits) first = std::min(first, hit.at.time);
  return first;
}

bool of_users(const funnel& f) { return f.scope == funnel::reach::user; }

}  // namespace

user_change::user_change(const user_state& user, std::string_view site, const rules& r,
                         const session_news& news)
    : site_(site), rules_(r), changed_(news.session.id) {
  const auto lives = lives_of(user, r);
  cohorts_ = cohorts_of(lives);
  if (const auto* s = find(user, changed_)) before_ = {*s, begins_a_life(user, lives, *s)};
  for (const auto& l : lives)
    if (l.first && user.sessions[*l.first].id != changed_) firsts_.push_back({user.sessions[*l.first], true});
  first_hit_ = first_hit(user, before_.has_value(), news);
  if (first_hit_ != no_hit) attempts_ = attempts_of(user);
}

void user_change::send(const user_state& after, contributions& out) const {
  const auto lives = lives_of(after, rules_);
  send_cohorts(cohorts_of(lives), out);
  send_journeys(after, lives, out);
  if (first_hit_ != no_hit) send_attempts(after, out);
}

// -- new visitors and retention

std::vector<user_change::cohort> user_change::cohorts_of(const std::vector<told_life>& lives) {
  std::vector<cohort> cohorts;
  for (const auto& l : lives) cohorts.push_back({l.first_seen, l.days});
  return cohorts;
}

void user_change::send_cohorts(const std::vector<cohort>& after, contributions& out) const {
  for (std::size_t i = 0; i < std::max(cohorts_.size(), after.size()); ++i) {
    const auto* was = i < cohorts_.size() ? &cohorts_[i] : nullptr;
    const auto* is = i < after.size() ? &after[i] : nullptr;
    if (was && is && *was == *is) continue;
    const bool seen_anew = !was || !is || was->first_seen != is->first_seen;
    const auto count = [&](const cohort& c) {
      if (seen_anew) contribute_new_visitor(site_, c.first_seen, out);
      contribute_cohort(site_, c.first_seen, c.days, out);
    };
    if (was) signed_by(-1, out, [&] { count(*was); });
    if (is) signed_by(+1, out, [&] { count(*is); });
  }
}

// -- journeys

void user_change::count(const user_session& s, bool first, int sign, contributions& out) const {
  const journey j{s.started_at,
                  s.ended_at - s.started_at,
                  journey_type_of(s.identified, first),
                  s.engaged,
                  s.converted,
                  s.lingered,
                  s.page_views};
  signed_by(sign, out, [&] { contribute_journey(site_, j, out); });
}

void user_change::send_journeys(const user_state& after, const std::vector<told_life>& lives,
                                contributions& out) const {
  const auto* now = find(after, changed_);
  const bool first = now && begins_a_life(after, lives, *now);
  const bool same = before_ && now && before_->session == *now && before_->first == first;
  if (before_ && !same) count(before_->session, before_->first, -1, out);
  if (now && !same) count(*now, first, +1, out);
  for (const auto& was : firsts_) {
    const auto* s = find(after, was.session.id);
    if (begins_a_life(after, lives, *s)) continue;
    count(was.session, true, -1, out);
    count(was.session, false, +1, out);
  }
  for (const auto& l : lives) {
    if (!l.first || &after.sessions[*l.first] == now) continue;
    const auto& s = after.sessions[*l.first];
    if (std::any_of(firsts_.begin(), firsts_.end(), [&](const auto& was) { return was.session.id == s.id; }))
      continue;
    count(s, false, -1, out);
    count(s, true, +1, out);
  }
}

// -- funnels

std::vector<std::vector<user_attempt>> user_change::attempts_of(const user_state& user) const {
  std::vector<std::vector<user_attempt>> all;
  for (const auto& f : rules_.funnels)
    all.push_back(of_users(f) ? attempts_at(user, f, first_hit_) : std::vector<user_attempt>());
  return all;
}

/// Those at both ends that are the same are passed over: so it makes no difference which settled ones are
/// still known.
void user_change::send_attempts(const user_state& after, contributions& out) const {
  const auto now = attempts_of(after);
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::span<const user_attempt> was(attempts_[i]), is(now[i]);
    const auto shorter = std::min(was.size(), is.size());
    std::size_t first = 0, last = 0;
    while (first < shorter && was[first] == is[first]) ++first;
    while (last < shorter - first && was[was.size() - 1 - last] == is[is.size() - 1 - last]) ++last;
    const auto count = [&](std::span<const user_attempt> attempts) {
      for (const auto& a : attempts.subspan(first, attempts.size() - last - first))
        contribute_attempt(site_, window_of(a.begun()), rules_.funnels[i], a, out);
    };
    signed_by(-1, out, [&] { count(was); });
    signed_by(+1, out, [&] { count(is); });
  }
}

}  // namespace weir
