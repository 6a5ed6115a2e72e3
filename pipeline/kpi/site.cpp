#include <algorithm>

#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t {
  events,
  page_views,
  page_load_ms_sum,
  page_load_ms_count,
  scroll_events,
  clicks,
  form_starts,
  form_successes,
  sessions_started,
  sessions_closed,
  sessions_with_views,
  bounces,
  engaged,
  session_duration_ms,
  session_page_views,
  conversions,
  revenue,
  new_visitors,
  bot_events,
  count_
};
enum class uniques : std::uint8_t { unique_visitors, count_ };
enum class samples : std::uint8_t { page_load_ms, session_duration_s, count_ };

constexpr auto sum_names =
    slot_names<sums>("events", "page_views", "page_load_ms_sum", "page_load_ms_count", "scroll_events",
                     "clicks", "form_starts", "form_successes", "sessions_started", "sessions_closed",
                     "sessions_with_views", "bounces", "engaged", "session_duration_ms", "session_page_views",
                     "conversions", "revenue", "new_visitors", "bot_events");
constexpr auto micros = micro_slots<sums>(sums::revenue);
constexpr auto unique_names = slot_names<uniques>("unique_visitors");
constexpr auto sample_names = slot_names<samples>("page_load_ms", "session_duration_s");

void add_page_view(const event_facts& f, contributions& out) {
  out.sum(slot(sums::page_views), 1);
  out.unique(slot(uniques::unique_visitors), f.context.visitor);
  if (!f.e.has(number::page_load_time_ms)) return;
  const auto load = f.e[number::page_load_time_ms];
  out.sum(slot(sums::page_load_ms_sum), std::llround(load));
  out.sum(slot(sums::page_load_ms_count), 1);
  out.sample(slot(samples::page_load_ms), load);
}

void add_closed(const session& s, contributions& out) {
  out.sum(slot(sums::sessions_closed), 1);
  out.sum(slot(sums::sessions_with_views), s.page_views > 0);
  out.sum(slot(sums::bounces), s.bounced());
  out.sum(slot(sums::engaged), s.engaged());
  out.sum(slot(sums::session_duration_ms), s.duration());
  out.sum(slot(sums::session_page_views), s.page_views);
  out.sum(slot(sums::conversions), !s.goals.empty());
  out.sum(slot(sums::revenue), s.revenue);
  out.sample(slot(samples::session_duration_s), static_cast<double>(s.duration()) / 1000);
}

/// kpis.md, definition 11.
double engagement_score(double bounce_rate, double duration_s, double pages, double target_s) {
  const auto share = [](double x) { return std::isnan(x) ? x : std::min(1.0, x); };
  return 100 * (1 - bounce_rate) * share(ratio(duration_s, target_s)) * share(pages / 2);
}

/// kpis.md, definition 12.
struct health {
  double bot_percentage = 0;
  double p90_ms = std::nan("");  // NaN without load data
  double returning = 0, visitors = 0;

  double score() const {
    const auto load = std::isnan(p90_ms) ? 1 : std::clamp((5'000 - p90_ms) / 4'000, 0.0, 1.0);
    const auto back = ratio(returning, visitors);
    return (100 - bot_percentage) * load * (std::isnan(back) ? back : std::clamp(2 * back, 0.5, 1.0));
  }
};

void write_site(const cell& c, const metrics_context& context, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  const auto closed = sum(sums::sessions_closed);
  const auto bounce_rate = ratio(sum(sums::bounces), sum(sums::sessions_with_views));
  const auto duration_s = ratio(sum(sums::session_duration_ms) / 1000, closed);
  const auto pages = ratio(sum(sums::session_page_views), closed);
  const auto visitors = static_cast<double>(unique_count(c, slot(uniques::unique_visitors)));
  const auto returning = std::max(0.0, visitors - sum(sums::new_visitors));
  const auto target_s = static_cast<double>(context.settings.site(context.site).target_duration) / 1000;

  write_sums_and_uniques(site_definition, c, out);
  write_quantile("page_load_ms_p50", c, slot(samples::page_load_ms), 0.5, out);
  write_quantile("page_load_ms_p90", c, slot(samples::page_load_ms), 0.9, out);
  write_quantile("page_load_ms_p99", c, slot(samples::page_load_ms), 0.99, out);
  out.field("sessions_open", c.sum(slot(sums::sessions_started)) - c.sum(slot(sums::sessions_closed)));
  out.field("bounce_rate", bounce_rate);
  out.field("engaged_rate", ratio(sum(sums::engaged), closed));
  out.field("avg_session_duration_s", duration_s);
  write_quantile("session_duration_s_p50", c, slot(samples::session_duration_s), 0.5, out);
  write_quantile("session_duration_s_p90", c, slot(samples::session_duration_s), 0.9, out);
  out.field("pages_per_session", pages);
  out.field("sessions_per_user", ratio(sum(sums::sessions_started), visitors));
  out.field("conversion_rate", ratio(sum(sums::conversions), closed));
  out.field("engagement_score", engagement_score(bounce_rate, duration_s, pages, target_s));
  out.field("returning_visitors", returning);
  const auto bot_events = sum(sums::bot_events);
  const auto bot_percentage = ratio(100 * bot_events, sum(sums::events) + bot_events);
  out.field(
      "traffic_health",
      health{bot_percentage, quantile(c, slot(samples::page_load_ms), 0.9), returning, visitors}.score());
}

}  // namespace

const family_definition site_definition{family::site, "site",       {},           false, sum_names,
                                        micros,       unique_names, sample_names, {},    write_site};

void site_event(const event_facts& f, contributions& out) {
  out.begin(family::site, f.window, f.site);
  out.sum(slot(sums::events), 1);
  switch (f.e.type) {
    case event_type::page_view:
      add_page_view(f, out);
      break;
    case event_type::scroll:
      out.sum(slot(sums::scroll_events), 1);
      break;
    case event_type::click:
      out.sum(slot(sums::clicks), 1);
      break;
    case event_type::custom_event:
      out.sum(slot(sums::form_starts), f.e[text::event_name] == "form_start");
      break;
    case event_type::form_submit:
      out.sum(slot(sums::form_successes), f.e.form_success == flag::yes);
      break;
    default:
      break;
  }
  if (f.context.late) out.late();
  out.end();
}

void site_bot_event(const event_facts& f, contributions& out) {
  out.begin(family::site, f.window, f.site);
  out.sum(slot(sums::bot_events), 1);
  if (f.context.late) out.late();
  out.end();
}

void site_session_start(std::string_view site, std::int64_t first, contributions& out) {
  out.begin(family::site, window_of(first), site);
  out.sum(slot(sums::sessions_started), 1);
  out.end();
}

void contribute_new_visitor(std::string_view site, std::int64_t first_seen, contributions& out) {
  out.begin(family::site, window_of(first_seen), site);
  out.sum(slot(sums::new_visitors), 1);
  out.end();
}

void site_session(std::string_view site, const session& s, contributions& out) {
  out.begin(family::site, window_of(s.first), site);
  out.sum(slot(sums::sessions_started), 1);
  if (s.closed) add_closed(s, out);
  out.end();
}

}  // namespace weir
