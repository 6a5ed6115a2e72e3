#include "tools/decode/user_json.hpp"

namespace weir {

namespace {

void write_life(const user_life& life, json_writer& out) {
  out.begin_object().field("first_seen", life.first_seen).field("last_seen", life.last_seen);
  out.field("sessions", life.sessions).field("page_views", life.page_views);
  out.field("conversions", life.conversions).name("revenue").micros(life.revenue);
  out.field("active_days", life.active_days).name("days").begin_array();
  for (std::int64_t day = 0; day <= last_cohort_day; ++day)
    if (life.days.has(day)) out.value(day);
  out.end_array().end_object();
}

void write_session(const user_session& s, json_writer& out) {
  out.begin_object().field("session_key", s.id.key).field("source_partition", s.id.partition);
  out.field("started_at", s.started_at).field("ended_at", s.ended_at).field("page_views", s.page_views);
  out.name("revenue").micros(s.revenue).field("engaged", s.engaged).field("converted", s.converted);
  out.field("identified", s.identified).end_object();
}

void write_settled(const std::optional<user_life>& life, json_writer& out) {
  if (!life) return;
  out.name("settled");
  write_life(*life, out);
}

}  // namespace

void write_user_outline(const user_outline& user, json_writer& out) {
  out.begin_object();
  write_settled(user.settled, out);
  out.field("open_sessions", user.sessions).field("funnel_hits", user.hits).end_object();
}

void write_user_state(const user_state& user, json_writer& out) {
  out.begin_object();
  write_settled(user.settled, out);
  out.name("sessions").begin_array();
  for (const auto& s : user.sessions) write_session(s, out);
  std::uint64_t hits = 0;
  for (const auto& of : user.hits) hits += of.hits.size();
  out.end_array().field("funnel_hits", hits).end_object();
}

}  // namespace weir
