#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t {
  sessions,
  session_duration_ms,
  conversions,
  stage_entry,
  stage_engagement,
  stage_conversion,
  stage_exit,
  count_
};
constexpr std::array<std::string_view, 2> key_names{"journey_type", "engagement_tier"};
constexpr auto sum_names = slot_names<sums>("sessions", "session_duration_ms", "conversions", "stage_entry",
                                            "stage_engagement", "stage_conversion", "stage_exit");

constexpr std::uint32_t many_views = 5;

/// kpis.md, definition 15.
std::string_view tier_of(const journey& j) {
  if (j.engaged && (j.page_views >= many_views || j.converted)) return "high";
  return j.engaged ? "medium" : "low";
}

void write_journeys(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(journeys_definition, c, out);
  out.field("avg_duration_s", ratio(sum(sums::session_duration_ms) / 1000, sum(sums::sessions)));
  out.field("conversion_rate", ratio(sum(sums::conversions), sum(sums::sessions)));
}

}  // namespace

const family_definition journeys_definition{
    family::journeys, "journeys", key_names, false, sum_names, {}, {}, {}, {}, write_journeys};

std::string_view journey_type_of(bool identified, bool first) {
  if (identified) return "authenticated_user";
  return first ? "new_visitor" : "returning_visitor";
}

void contribute_journey(std::string_view site, const journey& j, contributions& out) {
  out.begin(family::journeys, window_of(j.started_at), site, j.type, tier_of(j));
  out.sum(slot(sums::sessions), 1);
  out.sum(slot(sums::session_duration_ms), j.duration);
  out.sum(slot(sums::conversions), j.converted);
  out.sum(slot(sums::stage_entry), 1);
  out.sum(slot(sums::stage_engagement), j.lingered);
  out.sum(slot(sums::stage_conversion), j.converted);
  out.sum(slot(sums::stage_exit), 1);
  out.end();
}

}  // namespace weir
