#include "pipeline/kpi/contribute.hpp"

#include "pipeline/event/device_type.hpp"
#include "pipeline/kpi/families.hpp"
#include "pipeline/session/read_referrer.hpp"

namespace weir {

namespace {

std::string_view referrer_host_of(const event& e, const rules& r, std::string& lowered) {
  const auto referrer = e[text::referrer];
  if (referrer.empty()) return {};
  scratch_text scratch(lowered, referrer.size());
  return read_referrer(referrer, e[text::page_url], r.site(e[text::site_id]).domains, scratch).host;
}

}  // namespace

void contribute_event(const event& e, const stamp& at, const event_context& context, const rules& r,
                      contributions& out) {
  const auto site = e[text::site_id];
  event_facts f{e, context, window_of(e.time), site, e[text::page_path], {}, {}};
  if (context.bot) {
    site_bot_event(f, out);
    pages_bot_view(f, out);
    return quality_event(e, at, context, out);
  }
  std::string lowered;  // holds the host if it had to be changed
  if (e.type == event_type::page_view) {
    f.device_type = device_type_of(e);
    f.referrer_host = referrer_host_of(e, r, lowered);
  }
  if (out.wants(family::site)) site_event(f, out);
  if (out.wants(family::pages)) pages_event(f, out);
  if (out.wants(family::devices)) devices_event(f, out);
  if (out.wants(family::geo)) geo_event(f, out);
  if (out.wants(family::elements)) elements_event(f, out);
  if (out.wants(family::forms)) forms_event(f, out);
  if (out.wants(family::videos)) videos_event(f, out);
  if (out.wants(family::events)) events_event(f, out);
  if (out.wants(family::quality)) quality_event(e, at, context, out);
}

void contribute_session(std::string_view site, const session& s, const rules& r, contributions& out) {
  if (s.bot) return;
  site_session(site, s, out);
  if (!s.closed) return;
  const session_facts f{s, window_of(s.first), site, r};
  if (out.wants(family::pages)) pages_session(f, out);
  if (out.wants(family::sources)) sources_session(f, out);
  if (out.wants(family::devices)) devices_session(f, out);
  if (out.wants(family::geo)) geo_session(f, out);
  if (out.wants(family::funnels)) funnels_session(f, out);
}

void contribute_session_start(std::string_view site, std::int64_t first, contributions& out) {
  site_session_start(site, first, out);
}

}  // namespace weir
