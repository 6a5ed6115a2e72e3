#include "pipeline/session/session_apply.hpp"

namespace weir {

namespace {

using result = traffic_sources::result;

bool would_take(const session& s, traffic_rank rank, const moment& at) {
  return !s.evidence || rank < s.evidence->rank || (rank == s.evidence->rank && at < s.evidence->at);
}

void offer(session& s, traffic_rank rank, const moment& at, const result& found) {
  if (!would_take(s, rank, at)) return;
  const auto kept = [](std::string_view text) { return std::string(kept_part(text)); };
  s.evidence = {
      rank,
      at,
      {kept(found.source), std::string(to_string(found.kind)), kept(found.campaign), kept(found.term)}};
}

void attribute_view(session& s, const event& e, const moment& at, const rules& r,
                    const traffic_sources& sources) {
  const auto referrer = e[text::referrer];
  const auto wants_host = !referrer.empty() && (s.referrer_host.value.empty() || at < s.referrer_host.at);
  if (!wants_host && !would_take(s, traffic_rank::page_view, at)) return;
  std::string scratch;
  const auto found = sources.classify(e[text::page_url], referrer, r.site(e[text::site_id]).domains, scratch);
  s.referrer_host.offer(at, found.referrer_host);
  const auto untold = found.kind == medium::direct || found.kind == medium::dark;
  offer(s, untold ? traffic_rank::first_view : traffic_rank::page_view, at, found);
}

void attribute_start(session& s, const event& e, const moment& at, const traffic_sources& sources) {
  if (!would_take(s, traffic_rank::session_start, at)) return;
  std::string scratch;
  const auto found = sources.classify_claim(e[text::traffic_source], e[text::traffic_medium],
                                            e[text::campaign_name], scratch);
  if (found.kind != medium::direct) offer(s, traffic_rank::session_start, at, found);
}

}  // namespace

void offer_evidence(session& s, traffic_evidence&& found) {
  if (would_take(s, found.rank, found.at)) s.evidence = std::move(found);
}

void attribute(session& s, const event& e, const moment& at, const rules& r, const traffic_sources& sources) {
  if (e.type == event_type::page_view) attribute_view(s, e, at, r, sources);
  if (e.type == event_type::session_start) attribute_start(s, e, at, sources);
}

}  // namespace weir
