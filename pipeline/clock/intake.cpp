#include "pipeline/clock/intake.hpp"

#include <algorithm>

#include "pipeline/clock/rekeyed_record.hpp"
#include "pipeline/event/private_payload.hpp"
#include "pipeline/event/silver.hpp"
#include "pipeline/event/web_record.hpp"
#include "pipeline/kpi/contribute.hpp"

namespace weir {

intake::intake(intake_options options, const rules& r, enricher& enrichment)
    : options_(std::move(options)),
      rules_(r),
      enricher_(enrichment),
      ids_(r.user_id_secret.empty() ? nullptr : std::make_unique<id_privacy>(r.user_id_secret)),
      web_(r, options_.source, ids_.get()) {
  if (options_.access_log) log_.emplace(r, options_.site_url, options_.site);
}

intake::verdict intake::decode(const record& r, arena& texts, event& e, fault& f) {
  if (r.payload.size() < r.size) {
    f = oversize_fault(rekeyed_max_bytes(rules_), r.size);
    return verdict::fault;
  }
  if (!log_) return web_.decode(r.payload, r.time, texts, e, f) ? verdict::event : verdict::fault;
  switch (log_->decode(r.payload, options_.file, r.source_offset, r.time, texts, e, f)) {
    case access_log_decoder::result::valid:
      hash_visitor(e, texts);
      return verdict::event;
    case access_log_decoder::result::skipped:
      return verdict::skipped;
    default:
      return verdict::fault;
  }
}

bool intake::peek(const record& r, arena& texts, event& e) {
  fault f;
  return decode(r, texts, e, f) == verdict::event;
}

record_source intake::source_of(const record& r) const {
  return {options_.topic, options_.partition, r.source_offset, r.time};
}

/// A log's session is named by its visitor.
void intake::hash_visitor(event& e, arena& texts) const {
  if (ids_) e[text::session_id] = e[text::visitor_id] = ids_->hashed(e[text::visitor_id], texts);
}

/// Not before that of the records before it, whatever a producer's clock says: what is over must not begin
/// again.
std::int64_t intake::arrival_of(const record& r, std::int64_t highest) const {
  return std::max<std::int64_t>(options_.live ? r.time : 0, highest);
}

bool intake::too_late(const event& e, const stamp& at) const {
  return e.time < at.watermark - rules_.time.allowed_lateness ||
         (options_.live && !options_.source.backfill && at.record_time - e.time > rules_.max_delay);
}

bool intake::take(const record& r, std::int64_t watermark, std::int64_t& highest, arena& texts, event& e,
                  stamp& at, effects out) {
  fault f;
  const auto what = decode(r, texts, e, f);
  ++out.counts.lines;
  if (what == verdict::skipped) {
    ++out.counts.skipped;
    return false;
  }
  ++out.counts.in;
  if (what == verdict::fault) {
    ++out.counts.dead[static_cast<std::size_t>(f.why)];
    dead_letter(f, source_of(r), r.payload, arrival_of(r, highest), out);
    return false;
  }
  ++out.counts.valid;
  enricher_.enrich(e, texts);
  at.offset = r.offset;
  at.watermark = watermark;
  at.record_time = r.time;
  at.sends_interactions = options_.source.sends_interactions;
  highest = std::max(highest, std::min(e.time, r.time));
  at.arrival = arrival_of(r, highest);
  note_freshness(e, at, out);
  if (!too_late(e, at)) return true;
  ++out.counts.too_late;
  drop_too_late(e, at, r, out);
  return false;
}

/// Gathered, since one contribution an event would cost more than all else that `quality` counts.
void intake::note_freshness(const event& e, const stamp& at, effects& out) {
  if (!out.wall) return;
  if (window_of(at.arrival) != window_of(freshness_arrival_)) end_batch(out);
  freshness_arrival_ = at.arrival;
  freshness_.push_back(static_cast<double>(*out.wall - e.time) / 1000);
}

void intake::end_batch(effects& out) {
  if (freshness_.empty()) return;
  contribute_freshness(options_.topic, freshness_arrival_, freshness_, out.kpis);
  freshness_.clear();
}

void intake::bury(const record& r, std::int64_t highest, effects out) {
  ++out.counts.lines;
  ++out.counts.in;
  ++out.counts.dead[static_cast<std::size_t>(reason::internal_error)];
  // No cause: a redo must write the same bytes, and knows the offset alone.
  const fault f{reason::internal_error, {}, "the record's handler failed; the node's log says how"};
  dead_letter(f, source_of(r), r.payload, arrival_of(r, highest), out);
}

void intake::dead_letter(const fault& f, const record_source& from, std::string_view payload,
                         std::int64_t arrival, effects& out) {
  std::string scratch;
  const auto shown = private_payload(payload, log_.has_value(), rules_, ids_.get(), scratch);
  write_dead_letter(f, from, shown, out.records);
  contribute_dead_letter(options_.topic, arrival, f.why, out.kpis);
}

void intake::drop_too_late(const event& e, const stamp& at, const record& r, effects& out) {
  const auto from = source_of(r);
  const silver_context context{{}, "dropped", at.record_time};
  out.records.begin(output::late, options_.partition, e[text::session_id]);
  write_silver(e, context, rules_.max_output_bytes, out.records.value(), &from);
  out.records.end();
  if (rules_.silver) {
    out.records.begin(output::events, options_.partition, e[text::session_id]);
    write_silver(e, context, rules_.max_output_bytes, out.records.value());
    out.records.end();
  }
  contribute_too_late(options_.topic, e, at, out.kpis);
}

}  // namespace weir
