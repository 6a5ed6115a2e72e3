#include "pipeline/users/user_state.hpp"

#include <algorithm>

#include "pipeline/users/user_attempts.hpp"
#include "pipeline/users/user_change.hpp"

namespace weir {

namespace {

auto place_of(std::vector<user_session>& sessions, const session_id& id) {
  return std::find_if(sessions.begin(), sessions.end(), [&id](const auto& s) { return s.id == id; });
}

void settle_first(user_state& user, const rules& r) {
  const auto& s = user.sessions.front();
  if (!user.settled || !user.settled->goes_on(s, r.users_retention)) user.settled.emplace();
  user.settled->add(s);
  user.sessions.erase(user.sessions.begin());
}

/// A revision of a session that is settled already: it should not have come.
bool revises_settled(const user_state& user, const session_news& news) {
  return news.revision > 1 && user.settled && news.session.started_at <= user.settled->last_start;
}

}  // namespace

std::vector<told_life> lives_of(const user_state& user, const rules& r) {
  std::vector<told_life> lives;
  if (user.settled) lives.push_back({*user.settled, {}});
  for (std::size_t i = 0; i < user.sessions.size(); ++i) {
    const auto& s = user.sessions[i];
    if (lives.empty() || !lives.back().goes_on(s, r.users_retention)) lives.push_back({{}, i});
    lives.back().add(s);
  }
  return lives;
}

std::int64_t horizon_of(std::int64_t w, const rules& r) {
  return w - r.session.max_duration - r.session.timeout - r.time.allowed_lateness;
}

bool take(user_state& user, session_news news, std::string_view site, const rules& r, contributions& out) {
  const auto found = place_of(user.sessions, news.session.id);
  const bool there = found != user.sessions.end();
  if (!there && (news.withdrawn || revises_settled(user, news))) return false;
  const user_change change(user, site, r, news);
  if (there) {
    user.sessions.erase(found);
    erase_hits(user.hits, news.session.id);
  }
  if (!news.withdrawn) {
    add_hits(user.hits, news.session.id, news.hits);
    const auto place = std::upper_bound(user.sessions.begin(), user.sessions.end(), news.session, before);
    user.sessions.insert(place, std::move(news.session));
  }
  change.send(user, out);
  while (user.sessions.size() > open_sessions_kept) settle_first(user, r);
  return true;
}

void settle(user_state& user, const rules& r, std::int64_t horizon) {
  while (!user.sessions.empty() && user.sessions.front().started_at < horizon) settle_first(user, r);
  if (!user.hits.empty()) forget_hits(user, r, horizon);
}

bool may_be_forgotten(const user_state& user, std::int64_t session_start, const rules& r) {
  const auto lives = lives_of(user, r);
  return lives.empty() || lives.back().last_seen < session_start - r.users_retention;
}

bool expired(user_state user, const rules& r, std::int64_t horizon) {
  settle(user, r, horizon);
  return user.sessions.empty() && user.hits.empty() && user.settled &&
         user.settled->last_seen < horizon - r.users_retention;
}

}  // namespace weir
