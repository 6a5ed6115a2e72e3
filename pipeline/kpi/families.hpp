#pragma once

#include <cstdint>
#include <string_view>

#include "pipeline/event/event.hpp"
#include "pipeline/kpi/contribute.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/session.hpp"

/// What each family's file offers to the registry (family.cpp) and to the dispatch (contribute.cpp). Nobody
/// else includes this.
namespace weir {

/// An accepted event and what several families ask of it, found out once.
struct event_facts {
  const event& e;
  const event_context& context;
  std::int64_t window;  // of its time
  std::string_view site;
  std::string_view path;           // page_path; empty when it has none
  std::string_view device_type;    // of page views
  std::string_view referrer_host;  // of page views; empty when there is none or it is our own
};

/// A closed session likewise.
struct session_facts {
  const session& s;
  std::int64_t window;  // of its start
  std::string_view site;
  const rules& settings;
};

extern const family_definition site_definition, pages_definition, sources_definition, devices_definition,
    geo_definition, elements_definition, forms_definition, videos_definition, events_definition,
    funnels_definition, retention_definition, journeys_definition, quality_definition;

void site_event(const event_facts& f, contributions& out);
void site_bot_event(const event_facts& f, contributions& out);
void pages_bot_view(const event_facts& f, contributions& out);
void pages_event(const event_facts& f, contributions& out);
void devices_event(const event_facts& f, contributions& out);
void geo_event(const event_facts& f, contributions& out);
void elements_event(const event_facts& f, contributions& out);
void forms_event(const event_facts& f, contributions& out);
void videos_event(const event_facts& f, contributions& out);
void events_event(const event_facts& f, contributions& out);
void quality_event(const event& e, const stamp& at, const event_context& context, contributions& out);

/// `site` alone counts open sessions, too.
void site_session(std::string_view site, const session& s, contributions& out);
void site_session_start(std::string_view site, std::int64_t first, contributions& out);
void pages_session(const session_facts& f, contributions& out);
void sources_session(const session_facts& f, contributions& out);
void devices_session(const session_facts& f, contributions& out);
void geo_session(const session_facts& f, contributions& out);
void funnels_session(const session_facts& f, contributions& out);

}  // namespace weir
