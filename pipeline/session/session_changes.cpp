#include "pipeline/session/session_changes.hpp"

#include <string>

#include "pipeline/event/silver.hpp"
#include "pipeline/kpi/contribute.hpp"
#include "pipeline/session/session_record.hpp"

namespace weir {

void session_changes::count_in(const session& s) const {
  contribute_session(name_.site, s, rules_, out_.kpis);
}

void session_changes::count_out(const session& s) const {
  out_.kpis.sign(-1);
  contribute_session(name_.site, s, rules_, out_.kpis);
  out_.kpis.sign(+1);
}

void session_changes::count_out_start(const session& s) const {
  out_.kpis.sign(-1);
  contribute_session_start(name_.site, s.first, out_.kpis);
  out_.kpis.sign(+1);
}

void session_changes::tell_verdict(const session& s, bool is_new, std::uint64_t events_before,
                                   const stamp& at) const {
  if (!is_new && events_before == 0) return;
  contribute_verdict(name_.topic, at, is_new ? s.bot_reasons : 0, events_before, out_.kpis);
}

void session_changes::publish(session& s) const {
  ++s.revision;
  put_session(name_, s, rules_, {}, user_of(name_, s), out_.partition, out_.records);
}

void session_changes::publish(session& s, std::string_view old_user) const {
  const auto user = user_of(name_, s);
  ++s.revision;
  if (user != old_user) put_session(name_, s, rules_, {{}, user}, old_user, out_.partition, out_.records);
  put_session(name_, s, rules_, {}, user, out_.partition, out_.records);
}

void session_changes::close(session& s) const {
  count_out(s);
  s.closed = true;
  count_in(s);
  ++out_.closed;
  publish(s);
}

void session_changes::withdraw(session& s, const session& into) const {
  count_out(s);
  if (!s.closed) return;
  ++out_.withdrawn;
  ++s.revision;
  const auto merged_into = session_key(name_, into);
  put_session(name_, s, rules_, {merged_into, {}}, user_of(name_, s), out_.partition, out_.records);
}

void session_changes::send_event(const session& joined, const event& e, const stamp& at, bool amended) const {
  const auto late = e.time < at.watermark;
  out_.late += late;
  out_.amended += amended;
  contribute_event(e, at, {name_.topic, visitor_hash(name_, e), late, amended, joined.bot}, rules_,
                   out_.kpis);
  if (rules_.silver) write_silver_of(joined, e, at);
}

void session_changes::write_silver_of(const session& joined, const event& e, const stamp& at) const {
  const auto key = session_key(name_, joined);
  const silver_context context{key, e.time < at.watermark ? "true" : "false", at.record_time,
                               silver_judgement{joined.bot, joined.bot_reasons}};
  out_.records.begin(output::events, out_.partition, name_.session_id);
  write_silver(e, context, rules_.max_output_bytes, out_.records.value());
  out_.records.end();
  ++out_.silver;
}

}  // namespace weir
