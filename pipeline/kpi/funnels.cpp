#include <charconv>

#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"
#include "pipeline/session/funnel_attempt.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t { entered, completed, entered_first, entered_before, drop_off, count_ };
enum class samples : std::uint8_t { time_to_next_s, count_ };

constexpr std::array<std::string_view, 2> key_names{"funnel_id", "step"};
constexpr auto sum_names =
    slot_names<sums>("entered", "completed", "entered_first", "entered_before", "drop_off");
constexpr auto sample_names = slot_names<samples>("time_to_next_s");

/// Step numbers from 1. drop_off is a sum of its own, since a cell cannot know that it is the last step's.
void add_step(const funnel_attempt& attempt, unsigned step, unsigned last_step, contributions& out) {
  out.sum(slot(sums::entered), attempt.reached >= step);
  out.sum(slot(sums::completed), attempt.reached > step);
  out.sum(slot(sums::entered_first), 1);
  out.sum(slot(sums::entered_before), step > 1 && attempt.reached + 1 >= step);
  out.sum(slot(sums::drop_off), attempt.reached == step && step < last_step);
  if (attempt.reached > step)
    out.sample(slot(samples::time_to_next_s),
               static_cast<double>(attempt.times[step] - attempt.times[step - 1]) / 1000);
}

void write_funnels(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(funnels_definition, c, out);
  out.field("conversion_rate", ratio(sum(sums::entered), sum(sums::entered_first)));
  out.field("step_rate", ratio(sum(sums::entered), sum(sums::entered_before)));
  write_quantile("time_to_next_s_p50", c, slot(samples::time_to_next_s), 0.5, out);
}

}  // namespace

const family_definition funnels_definition{family::funnels, "funnels", key_names,    false, sum_names, {}, {},
                                           sample_names,    {},        write_funnels};

void contribute_attempt(std::string_view site, std::int64_t window, const funnel& f,
                        const funnel_attempt& attempt, contributions& out) {
  if (attempt.reached == 0) return;
  const auto last_step = static_cast<unsigned>(f.steps.size());
  for (unsigned step = 1; step <= last_step; ++step) {
    char number[16];
    const auto* end = std::to_chars(number, number + sizeof number, step).ptr;
    out.begin(family::funnels, window, site, f.id, {number, end});
    add_step(attempt, step, last_step, out);
    out.end();
  }
}

void funnels_session(const session_facts& f, contributions& out) {
  for (std::size_t i = 0; i < f.settings.funnels.size(); ++i) {
    const auto& funnel = f.settings.funnels[i];
    if (funnel.scope != funnel::reach::session) continue;
    contribute_attempt(f.site, f.window, funnel, furthest_attempt(f.s, static_cast<std::uint16_t>(i), funnel),
                       out);
  }
}

}  // namespace weir
