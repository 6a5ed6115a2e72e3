#include "tools/alerts/alert_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace weir {

namespace {

using kind = alert_rule::kind;

std::string time_text(std::int64_t milliseconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(milliseconds / 1000)));
}

std::string metric_text(const alert_rule& r) {
  const auto metric = fmt::format("{}.{}", definition(r.fam).name, r.metric);
  return r.per.empty() ? metric : fmt::format("{} / {}", metric, r.per);
}

std::string condition_text(const alert_rule& r) {
  const auto metric = metric_text(r);
  switch (r.what) {
    case kind::threshold:
      return r.above ? fmt::format("{} above {}", metric, *r.above)
                     : fmt::format("{} below {}", metric, *r.below);
    case kind::drop:
      return fmt::format("{} less by more than {} % than a day before", metric, r.above.value_or(0) * 100);
    case kind::anomaly:
      return fmt::format("{} unlike the same hour of the last 7 days", metric);
    case kind::silence:
      return fmt::format("no {}", metric);
  }
  return metric;
}

}  // namespace

std::string text_of(const alert_change& c) {
  auto line = fmt::format("{} {:<8} {:<8} {} {}", time_text(c.window_end), c.firing ? "fired" : "resolved",
                          c.severity, c.id, c.site);
  if (!c.key.empty()) line += fmt::format(" {}", c.key_json);
  line += fmt::format(": {}.{}", definition(c.fam).name, c.metric);
  if (c.value) line += fmt::format(" is {:.6g}", *c.value);
  if (c.threshold) line += fmt::format(", limit {:.6g}", *c.threshold);
  return line + fmt::format(" (window {} of {})", time_text(c.window_start), to_string(c.size));
}

std::string text_of(const alert_rule& r) {
  auto text = condition_text(r);
  if (r.what != kind::silence) text += fmt::format(", windows of {}", to_string(r.size));
  if (r.lasting > 0) text += fmt::format(", for {} min", r.lasting / 60'000);
  return text;
}

}  // namespace weir
