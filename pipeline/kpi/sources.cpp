#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t {
  sessions,
  bounces,
  sessions_with_views,
  session_duration_ms,
  conversions,
  revenue,
  count_
};

constexpr std::array<std::string_view, 3> key_names{"medium", "source", "campaign"};
constexpr auto sum_names = slot_names<sums>("sessions", "bounces", "sessions_with_views",
                                            "session_duration_ms", "conversions", "revenue");
constexpr auto micros = micro_slots<sums>(sums::revenue);

void write_sources(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  const auto sessions = sum(sums::sessions);
  write_sums_and_uniques(sources_definition, c, out);
  out.field("bounce_rate", ratio(sum(sums::bounces), sum(sums::sessions_with_views)));
  out.field("avg_session_duration_s", ratio(sum(sums::session_duration_ms) / 1000, sessions));
  out.field("conversion_rate", ratio(sum(sums::conversions), sessions));
}

}  // namespace

const family_definition sources_definition{family::sources, "sources", key_names, false, sum_names,
                                           micros,          {},        {},        {},    write_sources};

void sources_session(const session_facts& f, contributions& out) {
  const auto& s = f.s;
  const auto& from = s.came_from();
  out.begin(family::sources, f.window, f.site, from.medium, from.source, from.campaign);
  out.sum(slot(sums::sessions), 1);
  out.sum(slot(sums::bounces), s.bounced());
  out.sum(slot(sums::sessions_with_views), s.page_views > 0);
  out.sum(slot(sums::session_duration_ms), s.duration());
  out.sum(slot(sums::conversions), !s.goals.empty());
  out.sum(slot(sums::revenue), s.revenue);
  out.end();
}

}  // namespace weir
