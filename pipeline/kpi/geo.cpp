#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t { sessions, bounces, sessions_with_views, page_views, count_ };
enum class uniques : std::uint8_t { unique_visitors, count_ };

constexpr std::array<std::string_view, 2> key_names{"country", "region"};
constexpr auto sum_names = slot_names<sums>("sessions", "bounces", "sessions_with_views", "page_views");
constexpr auto unique_names = slot_names<uniques>("unique_visitors");

void write_geo(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(geo_definition, c, out);
  out.field("bounce_rate", ratio(sum(sums::bounces), sum(sums::sessions_with_views)));
}

}  // namespace

const family_definition geo_definition{family::geo, "geo",        key_names, false, sum_names,
                                       {},          unique_names, {},        {},    write_geo};

void geo_event(const event_facts& f, contributions& out) {
  if (f.e.type != event_type::page_view) return;
  out.begin(family::geo, f.window, f.site, f.e[text::country], f.e[text::region]);
  out.sum(slot(sums::page_views), 1);
  out.unique(slot(uniques::unique_visitors), f.context.visitor);
  if (f.context.late) out.late();
  out.end();
}

void geo_session(const session_facts& f, contributions& out) {
  const auto& s = f.s;
  out.begin(family::geo, f.window, f.site, s.scalar_value(scalar::country), s.scalar_value(scalar::region));
  out.sum(slot(sums::sessions), 1);
  out.sum(slot(sums::bounces), s.bounced());
  out.sum(slot(sums::sessions_with_views), s.page_views > 0);
  out.end();
}

}  // namespace weir
