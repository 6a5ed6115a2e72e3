#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

// Dead letters have a slot for each reason, in their order, sessions of bots one for each signal.
enum class sums : std::uint8_t {
  events_in,
  valid,
  duplicates,
  late,
  too_late,
  amended,
  quality_score_sum,
  quality_score_count,
  pii_masked,
  dead_letters,
  bot_events = dead_letters + static_cast<std::uint8_t>(reason::count_),
  bot_events_before_verdict,
  bot_sessions,
  count_ = bot_sessions + static_cast<std::uint8_t>(bot_signal::count_)
};
enum class samples : std::uint8_t { freshness_s, count_ };

constexpr std::string_view all_sites = "(all)";
constexpr std::array<std::string_view, 1> key_names{"source_topic"};
constexpr auto sum_names = slot_names<sums>(
    "events_in", "valid", "duplicates", "late", "too_late", "amended", "quality_score_sum",
    "quality_score_count", "pii_masked", "dead_letters_malformed_json", "dead_letters_malformed_avro",
    "dead_letters_malformed_log", "dead_letters_unknown_schema", "dead_letters_oversize",
    "dead_letters_too_deep", "dead_letters_not_an_object", "dead_letters_missing_field",
    "dead_letters_wrong_type", "dead_letters_out_of_range", "dead_letters_unknown_event_type",
    "dead_letters_invalid_timestamp", "dead_letters_timestamp_in_future", "dead_letters_timestamp_too_old",
    "dead_letters_invalid_url", "dead_letters_internal_error", "bot_events", "bot_events_before_verdict",
    "bot_sessions_crawler", "bot_sessions_headless", "bot_sessions_empty_agent", "bot_sessions_rate",
    "bot_sessions_burst", "bot_sessions_no_interaction");
constexpr auto micros = micro_slots<sums>(sums::quality_score_sum);
constexpr auto sample_names = slot_names<samples>("freshness_s");

constexpr std::uint8_t slot_of(reason why) {
  return static_cast<std::uint8_t>(slot(sums::dead_letters) + static_cast<std::uint8_t>(why));
}

/// Scores have two digits: exact as 10^-6.
std::int64_t score_micros(const event& e) { return std::llround(e.quality * 100) * 10'000; }

void begin(std::string_view topic, std::int64_t arrival, contributions& out) {
  out.begin(family::quality, window_of(arrival), all_sites, topic);
}

void add_valid(contributions& out) {
  out.sum(slot(sums::events_in), 1);
  out.sum(slot(sums::valid), 1);
}

/// Of what goes to silver.
void add_silver(const event& e, contributions& out) {
  out.sum(slot(sums::quality_score_sum), score_micros(e));
  out.sum(slot(sums::quality_score_count), 1);
  out.sum(slot(sums::pii_masked), e.personal);
}

void write_quality(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(quality_definition, c, out);
  out.field("bot_percentage", ratio(100 * sum(sums::bot_events), sum(sums::valid)));
  out.field("quality_score_mean", ratio(sum(sums::quality_score_sum) / 1e6, sum(sums::quality_score_count)));
  if (c.samples.empty() || c.samples[slot(samples::freshness_s)].empty()) return;
  write_quantile("freshness_s_p50", c, slot(samples::freshness_s), 0.5, out);
  write_quantile("freshness_s_p95", c, slot(samples::freshness_s), 0.95, out);
  write_quantile("freshness_s_p99", c, slot(samples::freshness_s), 0.99, out);
}

}  // namespace

const family_definition quality_definition{family::quality, "quality", key_names,    false, sum_names,
                                           micros,          {},        sample_names, {},    write_quality};

void quality_event(const event& e, const stamp& at, const event_context& context, contributions& out) {
  begin(context.topic, at.arrival, out);
  add_valid(out);
  add_silver(e, out);
  out.sum(slot(sums::late), context.late);
  out.sum(slot(sums::amended), context.amended);
  out.sum(slot(sums::bot_events), context.bot);
  if (context.late) out.late();
  out.end();
}

void contribute_verdict(std::string_view topic, const stamp& at, signal_set reasons,
                        std::uint64_t events_before, contributions& out) {
  begin(topic, at.arrival, out);
  out.sum(slot(sums::bot_events_before_verdict), static_cast<std::int64_t>(events_before));
  for (std::size_t i = 0; i < bot_signals; ++i)
    out.sum(static_cast<std::uint8_t>(slot(sums::bot_sessions) + i),
            contains(reasons, static_cast<bot_signal>(i)));
  out.end();
}

void contribute_dead_letter(std::string_view topic, std::int64_t arrival, reason why, contributions& out) {
  begin(topic, arrival, out);
  out.sum(slot(sums::events_in), 1);
  out.sum(slot_of(why), 1);
  out.end();
}

void contribute_too_late(std::string_view topic, const event& e, const stamp& at, contributions& out) {
  begin(topic, at.arrival, out);
  add_valid(out);
  add_silver(e, out);
  out.sum(slot(sums::too_late), 1);
  out.end();
}

void contribute_duplicate(std::string_view topic, const stamp& at, contributions& out) {
  begin(topic, at.arrival, out);
  add_valid(out);
  out.sum(slot(sums::duplicates), 1);
  out.end();
}

void contribute_freshness(std::string_view topic, std::int64_t arrival, std::span<const double> seconds,
                          contributions& out) {
  begin(topic, arrival, out);
  out.not_owed();
  for (const auto x : seconds) out.sample(slot(samples::freshness_s), x);
  out.end();
}

}  // namespace weir
