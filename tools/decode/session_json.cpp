#include "tools/decode/session_json.hpp"

namespace weir {

namespace {

constexpr std::string_view scalar_names[] = {"user_id", "visitor_id", "device_type", "browser",
                                             "os",      "country",    "region"};
static_assert(std::size(scalar_names) == scalars);

void write_times(const session_times& s, json_writer& out) {
  out.field("opened_at", s.opened_at).field("started_at", s.first).field("ended_at", s.last);
  out.field("closed", s.closed);
  if (s.has_end) out.field("has_end", true);
  if (s.full) out.field("full", true);
  if (s.bot) out.field("is_bot", true);
}

void write_counts(const session& s, json_writer& out) {
  out.field("revision", s.revision).field("events", s.events).field("page_views", s.page_views);
  out.field("clicks", s.clicks).field("scrolls", s.scrolls).field("form_starts", s.form_starts);
  out.field("form_submits", s.form_submits).field("form_successes", s.form_successes);
  out.field("video_plays", s.video_plays).field("custom_events", s.custom_events);
  out.field("duplicates", s.duplicates).field("late", s.late).name("revenue").micros(s.revenue);
  out.field("conversions", std::uint64_t{s.goals.size()}).field("funnel_hits", std::uint64_t{s.hits.size()});
}

void write_session(const session& s, json_writer& out) {
  out.begin_object();
  write_times(s, out);
  write_counts(s, out);
  for (std::size_t i = 0; i < scalars; ++i)
    out.optional(scalar_names[i], s.scalar_value(static_cast<scalar>(i)));
  out.field("minute_events", s.minute_events).name("bot_reasons").raw(json_of(s.bot_reasons));
  const auto& from = s.came_from();
  out.field("source", from.source).field("medium", from.medium).field("campaign", from.campaign);
  out.optional("referrer_host", s.referrer_host.value);
  out.name("pages").begin_array();
  for (const auto& page : s.pages)
    out.begin_object().field("path", page.path).field("at", page.at.time).end_object();
  out.end_array().end_object();
}

}  // namespace

void write_key_state(const key_state& key, json_writer& out) {
  out.begin_object().name("sessions").begin_array();
  for (const auto& s : key.sessions) write_session(s, out);
  out.end_array().field("event_ids", std::uint64_t{key.ids.size()});
  if (!key.ids.empty()) out.field("oldest_id_at", key.ids.oldest());
  out.end_object();
}

void write_key_outline(const key_outline& key, json_writer& out) {
  out.begin_object().name("sessions").begin_array();
  for (const auto& s : key.sessions) {
    out.begin_object();
    write_times(s, out);
    out.end_object();
  }
  out.end_array();
  if (key.oldest_id) out.field("oldest_id_at", *key.oldest_id);
  out.end_object();
}

}  // namespace weir
