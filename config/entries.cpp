#include "config/checks.hpp"
#include "config/schema.hpp"

namespace weir::config {
namespace {

// Gives a reference to a member, of a const owner to const.
#define MEMBER(name) \
  [](auto& x) -> auto& { return x.name; }

const text_type some_text{"a text, not empty", is_not_empty};
const text_type any_text{"a text"};

template <class Owner>
std::vector<std::string> names_of(const std::vector<field<Owner>>& fields) {
  std::vector<std::string> out;
  for (const auto& f : fields) out.push_back(f.name);
  return out;
}

}  // namespace

const std::vector<field<source_rules>>& source_fields() {
  using x = source_rules;
  static const std::vector<field<x>> fields{
      make_field<x>("topic", text_type{"a name of a topic", is_topic}, "The topic", MEMBER(topic)),
      make_field<x>("format", choice_type{{"web", "app", "tour"}}, "What its records are", MEMBER(format)),
      make_field<x>("keyed_by_session", bool_type{}, "Records of a session stand in one partition",
                    MEMBER(keyed_by_session)),
      make_field<x>("sends_interactions", bool_type{},
                    "Scrolls and clicks are sent, so their lack is a bot's signal",
                    MEMBER(sends_interactions)),
      make_field<x>("accept_unknown_types", bool_type{},
                    "An unknown event_type is a custom event of that name", MEMBER(accept_unknown_types)),
      make_field<x>("backfill", bool_type{}, "Old events are sent on purpose: late.max_delay is off",
                    MEMBER(backfill)),
  };
  return fields;
}

const std::vector<field<site_rules>>& site_fields() {
  using x = site_rules;
  static const std::vector<field<x>> fields{
      make_field<x>("domains", texts_type{{"a host like shop.example.com", is_host}},
                    "The site's own hosts: no referrers", MEMBER(domains)),
      make_field<x>("timezone", some_text, "Name in the IANA database; other than UTC gives local days, too",
                    MEMBER(timezone)),
      make_field<x>("currency", text_type{"three capitals like EUR", is_currency}, "Currency of revenue",
                    MEMBER(currency)),
      make_field<x>("target_duration", duration_type{1},
                    "Mean duration that the engagement score takes for full", MEMBER(target_duration)),
  };
  return fields;
}

const std::vector<field<event_match>>& match_fields() {
  using x = event_match;
  static const std::vector<field<x>> fields{
      make_field<x>("type", event_type_type{}, "event_type", MEMBER(type)),
      make_field<x>("name", any_text, "event_name", MEMBER(name)),
      make_field<x>("page_path", any_text, "Glob of the page's path: `*` any characters, `/` too, `?` one",
                    MEMBER(page_path)),
      make_field<x>("min_value", number_type{}, "Least event_value of a custom event", MEMBER(min_value)),
  };
  return fields;
}

const std::vector<field<goal>>& goal_fields() {
  using x = goal;
  static const std::vector<field<x>> fields{
      make_field<x>("id", some_text, "Its name in sessions", MEMBER(id)),
      make_field<x>("event", record_type<event_match>{&match_fields()}, "What an event must be; see match",
                    MEMBER(event)),
      make_field<x>("revenue", bool_type{}, "The event's event_value is revenue", MEMBER(revenue)),
  };
  return fields;
}

const std::vector<field<funnel_step>>& step_fields() {
  using x = funnel_step;
  static const std::vector<field<x>> fields{
      make_field<x>("name", any_text, "For people", MEMBER(name)),
      make_field<x>("match", record_type<event_match>{&match_fields()}, "What an event must be; see match",
                    MEMBER(match)),
  };
  return fields;
}

const std::vector<field<funnel>>& funnel_fields() {
  using x = funnel;
  const enum_type<funnel::reach> reach{{{"session", funnel::reach::session}, {"user", funnel::reach::user}}};
  static const std::vector<field<x>> fields{
      make_field<x>("id", some_text, "Its name in sessions and metrics", MEMBER(id)),
      make_field<x>("scope", reach, "Whether all steps are taken in one session, or by one user",
                    MEMBER(scope)),
      make_field<x>("within", duration_type{1}, "Time from the first step to the last", MEMBER(within)),
      make_field<x>("steps", list_type<funnel_step>{{&step_fields(), {"match"}}}, "1 to 32 steps, in order",
                    MEMBER(steps)),
  };
  return fields;
}

const std::vector<field<alert>>& alert_fields() {
  using x = alert;
  static const std::vector<field<x>> fields{
      make_field<x>("id", some_text, "Its name; one with the name of a default changes that in what is given",
                    MEMBER(id)),
      make_field<x>(
          "kind", choice_type{{"", "threshold", "drop", "anomaly", "silence"}},
          "threshold: above or below a limit (default); drop: less by more than the share `above` "
          "than the window a day before; anomaly: unlike the same hour of the last 7 days; silence: "
          "no data `for` so long",
          MEMBER(kind)),
      make_field<x>("family", any_text, "Family of the metric", MEMBER(family)),
      make_field<x>("metric", any_text, "The metric; with a `*` at its end the sum of all that begin so",
                    MEMBER(metric)),
      make_field<x>("per", any_text, "Divided by this metric", MEMBER(per)),
      make_field<x>("granularity", choice_type{{"", "5m", "1h", "1d", "1dl"}},
                    "Which windows are looked at; default 5m", MEMBER(granularity)),
      make_field<x>("above", optional_number_type{}, "Fires above this", MEMBER(above)),
      make_field<x>("below", optional_number_type{}, "Fires below this", MEMBER(below)),
      make_field<x>("for", duration_type{}, "Fires when it has lasted this long", MEMBER(lasting)),
      make_field<x>("severity", any_text, "For people; default warning", MEMBER(severity)),
      make_field<x>("enabled", bool_type{}, "false switches it off", MEMBER(enabled)),
  };
  return fields;
}

#undef MEMBER

std::vector<std::string> entry_keys(std::string_view map) {
  if (map == "sources") return names_of(source_fields());
  if (map == "sites") return names_of(site_fields());
  return {};
}

bool is_open_map(std::string_view path) {
  return path == "sources" || path == "sites" || path == "kafka.properties";
}

}  // namespace weir::config
