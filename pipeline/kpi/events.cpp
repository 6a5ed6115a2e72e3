#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t { count, event_value_sum, event_values, count_ };
enum class uniques : std::uint8_t { unique_visitors, count_ };

constexpr std::array<std::string_view, 1> key_names{"event_name"};
constexpr auto sum_names = slot_names<sums>("count", "event_value_sum", "event_values");
constexpr auto micros = micro_slots<sums>(sums::event_value_sum);
constexpr auto unique_names = slot_names<uniques>("unique_visitors");

void write_events(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(events_definition, c, out);
  out.field("event_value_mean", ratio(sum(sums::event_value_sum) / 1e6, sum(sums::event_values)));
}

}  // namespace

const family_definition events_definition{family::events, "events",     key_names, true, sum_names,
                                          micros,         unique_names, {},        {},   write_events};

void events_event(const event_facts& f, contributions& out) {
  if (f.e.type != event_type::custom_event) return;
  out.begin(family::events, f.window, f.site, f.e[text::event_name]);
  out.sum(slot(sums::count), 1);
  out.unique(slot(uniques::unique_visitors), f.context.visitor);
  if (f.e.has(number::event_value)) {
    out.sum(slot(sums::event_value_sum), std::llround(f.e[number::event_value] * 1e6));
    out.sum(slot(sums::event_values), 1);
  }
  if (f.context.late) out.late();
  out.end();
}

}  // namespace weir
