#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t { starts, submits, successes, count_ };
enum class tops : std::uint8_t { error, count_ };

constexpr std::array<std::string_view, 1> key_names{"form_id"};
constexpr auto sum_names = slot_names<sums>("starts", "submits", "successes");
constexpr auto top_names = slot_names<tops>("top_error");

bool starts_form(const event& e) {
  return e.type == event_type::custom_event && e[text::event_name] == "form_start";
}

void write_forms(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(forms_definition, c, out);
  out.field("completion_rate", ratio(sum(sums::successes), sum(sums::starts)));
  write_top("top_error", c, slot(tops::error), out);
}

}  // namespace

const family_definition forms_definition{family::forms, "forms",    key_names, false, sum_names, {}, {}, {},
                                         top_names,     write_forms};

void forms_event(const event_facts& f, contributions& out) {
  const auto& e = f.e;
  if (e.type != event_type::form_submit && !starts_form(e)) return;
  out.begin(family::forms, f.window, f.site, e[text::form_id]);
  if (e.type == event_type::form_submit) {
    out.sum(slot(sums::submits), 1);
    out.sum(slot(sums::successes), e.form_success == flag::yes);
    if (const auto error = e[text::form_error]; !error.empty()) out.top(slot(tops::error), error);
  } else {
    out.sum(slot(sums::starts), 1);
  }
  if (f.context.late) out.late();
  out.end();
}

}  // namespace weir
