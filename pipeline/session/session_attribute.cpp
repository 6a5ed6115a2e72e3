#include "pipeline/event/personal_data.hpp"
#include "pipeline/session/session_apply.hpp"

namespace weir {

namespace {

using result = traffic_sources::result;

bool would_take(const session& s, traffic_rank rank, const moment& at) {
  return !s.evidence || rank < s.evidence->rank || (rank == s.evidence->rank && at < s.evidence->at);
}

void offer(session& s, traffic_rank rank, const moment& at, medium kind, const result& names) {
  if (!would_take(s, rank, at)) return;
  const auto kept = [](std::string_view text) { return std::string(kept_part(text)); };
  s.evidence = {
      rank, at, {kept(names.source), std::string(to_string(kind)), kept(names.campaign), kept(names.term)}};
}

void attribute_view(session& s, const event& e, const moment& at, const rules& r,
                    const traffic_sources& sources) {
  const auto referrer = e[text::referrer];
  const auto wants_host = !referrer.empty() && (s.referrer_host.value.empty() || at < s.referrer_host.at);
  if (!wants_host && !would_take(s, traffic_rank::page_view, at)) return;
  const auto& domains = r.site(e[text::site_id]).domains;
  std::string scratch;
  const auto found = sources.classify(e[text::page_url], referrer, domains, scratch);
  s.referrer_host.offer(at, found.referrer_host);
  const auto untold = found.kind == medium::direct || found.kind == medium::dark;
  const auto rank = untold ? traffic_rank::first_view : traffic_rank::page_view;
  if (e.masked.empty()) return offer(s, rank, at, found.kind, found);
  // The class is that of the original, the names that are kept are those of what is written.
  std::string written;
  offer(s, rank, at, found.kind,
        sources.classify(e.written(text::page_url), e.written(text::referrer), domains, written));
}

void attribute_start(session& s, const event& e, const moment& at, const rules& r,
                     const traffic_sources& sources) {
  if (!would_take(s, traffic_rank::session_start, at)) return;
  std::string scratch, source, campaign;
  auto found = sources.classify_claim(e[text::traffic_source], e[text::traffic_medium],
                                      e[text::campaign_name], scratch);
  if (r.mask_pii && mask_personal_data(found.source, source) > 0) found.source = source;
  if (r.mask_pii && mask_personal_data(found.campaign, campaign) > 0) found.campaign = campaign;
  if (found.kind != medium::direct) offer(s, traffic_rank::session_start, at, found.kind, found);
}

}  // namespace

void offer_evidence(session& s, traffic_evidence&& found) {
  if (would_take(s, found.rank, found.at)) s.evidence = std::move(found);
}

void attribute(session& s, const event& e, const moment& at, const rules& r, const traffic_sources& sources) {
  if (e.type == event_type::page_view) attribute_view(s, e, at, r, sources);
  if (e.type == event_type::session_start) attribute_start(s, e, at, r, sources);
}

}  // namespace weir
