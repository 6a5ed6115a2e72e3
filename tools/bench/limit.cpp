#include "tools/bench/limit.hpp"

#include <algorithm>

#include "actors/lane_task.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/event/silver.hpp"
#include "pipeline/kpi/contribute.hpp"
#include "tools/bench/cpu_time.hpp"

namespace weir::bench {

namespace {

/// Events that are decoded, looked up and handled together: few enough to stay in the second cache.
constexpr std::size_t batch = 200;

intake_options replayed(const source_rules& source) {
  intake_options o;
  o.topic = source.topic;
  o.source = source;
  o.live = false;
  return o;
}

}  // namespace

limit::limit(const rules& r, const traffic_sources& sources, shared_enrichment data,
             const source_rules& source, bench_sink& sink)
    : rules_(r),
      source_(source),
      sink_(sink),
      life_(r, sources),
      enrichment_(r, std::move(data)),
      intake_(replayed(source), r, enrichment_),
      sessions_(life_),
      users_(r),
      windows_(r),
      events_(batch),
      highest_(task_clocks::no_time),
      watermark_(task_clocks::no_time) {
  out_.no_account();
  users_out_.no_account();
  kpis_.no_account();
  again_.no_account();
}

void limit::profile() {
  profiling_ = true;
  profiled_ = 0;
  parts_ = {};
}

void limit::take(const bench_input::runs& runs) {
  for (const auto& run : runs) {
    const auto records = run->entries.size();
    for (std::size_t at = 0; at < records; at += batch) take(*run, at, std::min(batch, records - at));
    expire();
    follow_users();
    windows_.close(clocks(), out_);
    spent(part::gold);
    emit();
  }
}

void limit::take(const record_chunk& run, std::size_t first, std::size_t count) {
  mark_ = thread_cpu();
  decode(run, first, count);
  spent(part::decode);
  find_sessions();
  spent(part::lookup);
  live();
  spent(part::session);
  windows_.add(kpis_);
  spent(part::sketches);
  if (profiling_) repeat_parts();
  kpis_.clear();
  texts_.reset();
  profiled_ += count;
}

void limit::decode(const record_chunk& run, std::size_t first, std::size_t count) {
  arrived_ = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    const auto& r = run.entries[i];
    auto& slot = events_[arrived_];
    const auto value = run.value(r);
    arrived_ += intake_.take({r.offset, r.offset, r.time, value, value.size()}, intake_.watermark(highest_),
                             highest_, texts_, slot.e, slot.at, {out_, kpis_, counts_});
    if (highest_ != task_clocks::no_time) watermark_ = intake_.watermark(highest_);
  }
}

void limit::find_sessions() {
  for (std::size_t i = 0; i < arrived_; ++i) {
    auto& x = events_[i];
    x.session = &sessions_.at(x.e[text::site_id], x.e[text::session_id]);
    __builtin_prefetch(x.session->state.sessions.data());
  }
}

void limit::live() {
  auto out = into();
  for (std::size_t i = 0; i < arrived_; ++i) {
    auto& x = events_[i];
    const auto name = x.session->named(source_.topic);
    sessions_.change(*x.session, [&](key_state& key) {
      life_.advance(name, key, x.at.watermark, x.at.watermark, out);
      life_.take(name, key, x.e, x.at, out);
    });
  }
  counts_.duplicates += out.duplicates;
}

/// Closes and forgets by the watermark; once input has ended, closes all.
void limit::expire() {
  mark_ = thread_cpu();
  auto out = into();
  while (auto* s = sessions_.due(watermark_)) {
    const auto name = s->named(source_.topic);
    sessions_.change(*s, [&](key_state& key) { life_.advance(name, key, watermark_, watermark_, out); });
    if (s->state.empty()) sessions_.drop(*s);
  }
  spent(part::session);
  windows_.add(kpis_);
  kpis_.clear();
  spent(part::sketches);
}

/// The sessions that were published since.
void limit::follow_users() {
  mark_ = thread_cpu();
  users_.take(out_, std::exchange(followed_, out_.records().size()), watermark_, kpis_, users_out_);
  spent(part::users);
  windows_.add(kpis_);
  kpis_.clear();
  spent(part::sketches);
}

void limit::finish() {
  ended_ = true;
  auto out = into();
  sessions_.for_each([&](limit_session& s) {
    const auto name = s.named(source_.topic);
    life_.advance(name, s.state, end_of_time, watermark_, out);
  });
  windows_.add(kpis_);
  kpis_.clear();
  follow_users();
  windows_.close(clocks(), out_);
  emit();
}

limit_clocks limit::clocks() const {
  if (ended_) return {watermark_, end_of_time, end_of_time, end_of_time};
  const auto bound = watermark_ - rules_.time.allowed_lateness;
  return {watermark_, watermark_, highest_, std::min(bound, sessions_.oldest_open(bound))};
}

void limit::emit() {
  mark_ = thread_cpu();
  for (auto* box : {&out_, &users_out_}) {
    for (const auto& r : box->records()) sink_.take(*box, r);
    box->clear();
  }
  followed_ = 0;
  spent(part::sink);
}

/// Contributions and silver are made within `live`; here once more, to see what they cost.
void limit::repeat_parts() {
  again_.clear();
  json_.clear();
  for (std::size_t i = 0; i < arrived_; ++i) {
    const auto& x = events_[i];
    contribute_event(x.e, x.at, {source_.topic, hash64(x.e[text::visitor_id]), false, false}, rules_, again_);
  }
  spent(part::contribute);
  for (std::size_t i = 0; i < arrived_; ++i) {
    const auto& x = events_[i];
    write_silver(x.e, {x.session->name, "false", x.at.record_time}, rules_.max_output_bytes, json_);
  }
  spent(part::silver);
}

void limit::spent(part on) {
  const auto now = thread_cpu();
  parts_[static_cast<std::size_t>(on)] += now - std::exchange(mark_, now);
}

std::string limit::report() const {
  const auto nanoseconds = [this](part p) {
    const auto all = static_cast<double>(parts_[static_cast<std::size_t>(p)].count());
    return all / static_cast<double>(std::max<std::uint64_t>(profiled_, 1));
  };
  std::string text;
  json_writer out(text);
  out.begin_object();
  out.field("open_sessions", static_cast<std::uint64_t>(sessions_.open()));
  out.field("keys", static_cast<std::uint64_t>(sessions_.keys()));
  out.field("users", static_cast<std::uint64_t>(users_.size()));
  out.name("ns_per_event").begin_object();
  out.field("decode", nanoseconds(part::decode)).field("lookup", nanoseconds(part::lookup));
  const auto within = nanoseconds(part::contribute) + nanoseconds(part::silver);
  out.field("session", nanoseconds(part::session) - within);
  out.field("contributions", nanoseconds(part::contribute)).field("silver", nanoseconds(part::silver));
  out.field("users", nanoseconds(part::users));
  out.field("sketches", nanoseconds(part::sketches)).field("gold", nanoseconds(part::gold));
  out.field("sink", nanoseconds(part::sink));
  out.end_object().end_object();
  return text;
}

}  // namespace weir::bench
