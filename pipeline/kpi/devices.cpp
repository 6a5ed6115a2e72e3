#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t {
  sessions,
  bounces,
  sessions_with_views,
  session_duration_ms,
  page_views,
  count_
};

constexpr std::array<std::string_view, 3> key_names{"device_type", "browser", "os"};
constexpr auto sum_names =
    slot_names<sums>("sessions", "bounces", "sessions_with_views", "session_duration_ms", "page_views");

void write_devices(const cell& c, const metrics_context&, json_writer& out) {
  const auto sum = [&c](sums s) { return static_cast<double>(c.sum(slot(s))); };
  write_sums_and_uniques(devices_definition, c, out);
  out.field("bounce_rate", ratio(sum(sums::bounces), sum(sums::sessions_with_views)));
  out.field("avg_session_duration_s", ratio(sum(sums::session_duration_ms) / 1000, sum(sums::sessions)));
}

}  // namespace

const family_definition devices_definition{
    family::devices, "devices", key_names, false, sum_names, {}, {}, {}, {}, write_devices};

void devices_event(const event_facts& f, contributions& out) {
  if (f.e.type != event_type::page_view) return;
  out.begin(family::devices, f.window, f.site, f.device_type, f.e[text::browser], f.e[text::os]);
  out.sum(slot(sums::page_views), 1);
  if (f.context.late) out.late();
  out.end();
}

void devices_session(const session_facts& f, contributions& out) {
  const auto& s = f.s;
  // A session that carries no device type stands beside its events' page views.
  const auto carried = s.scalar_value(scalar::device_type);
  const auto device_type = carried.empty() ? std::string_view("unknown") : carried;
  out.begin(family::devices, f.window, f.site, device_type, s.scalar_value(scalar::browser),
            s.scalar_value(scalar::os));
  out.sum(slot(sums::sessions), 1);
  out.sum(slot(sums::bounces), s.bounced());
  out.sum(slot(sums::sessions_with_views), s.page_views > 0);
  out.sum(slot(sums::session_duration_ms), s.duration());
  out.end();
}

}  // namespace weir
