#include "config/schema.hpp"

namespace weir::config {
namespace {

constexpr std::string_view sites_example = R"(sites:
  shop: {domains: [shop.example.com, pay.example.com], timezone: Europe/Berlin, currency: EUR})";

constexpr std::string_view sources_example = R"(sources:
  web: {topic: topic_web_events}
  sdk: {topic: topic_sdk_events, accept_unknown_types: true, sends_interactions: true})";

constexpr std::string_view goals_example = R"(goals:
  - {id: signup, event: {type: form_submit, page_path: "/signup*"}}
  - {id: purchase, event: {type: custom_event, name: purchase, min_value: 1}, revenue: true})";

constexpr std::string_view funnels_example = R"(funnels:
  - id: buy
    within: 24h
    steps:
      - {name: cart, match: {page_path: "/cart"}}
      - {name: paid, match: {type: custom_event, name: purchase}})";

constexpr std::string_view alerts_example = R"(alerts:
  - {id: slow_pages, family: site, metric: page_load_ms_p90, above: 3000, for: 15m, severity: warning}
  - {id: bounce_rate, enabled: false})";

}  // namespace

const std::vector<section>& sections() {
  static const std::vector<section> all{
      {"node", "This process.", ""},
      {"logging", "The program's log, on standard error: what goes on and what goes wrong while it runs.",
       ""},
      {"log", "The log that input comes from and output goes to.", ""},
      {"kafka", "The cluster, for log.kind kafka.", ""},
      {"http", "The HTTP server.", ""},
      {"commit", "When what was processed becomes visible.", ""},
      {"checkpoint", "When state is written down; between checkpoints it is redone from the input.", ""},
      {"memory", "Budgets of the node.", ""},
      {"actors", "Actors of a lane.", ""},
      {"topics", "Weir's own topics.", ""},
      {"output", "What is written.", ""},
      {"state", "What is kept.", ""},
      {"time", "Event time: the watermark and the closing clock.", ""},
      {"session", "What makes a session.", ""},
      {"late", "Events from live sources that come very late.", ""},
      {"validation", "What is accepted.", ""},
      {"kpi", "Windows and their publication.", ""},
      {"users", "What is kept of users.", ""},
      {"privacy", "Personal data.", ""},
      {"geo", "Where visitors are.", ""},
      {"bots", "Signals of bots, each with its weight.", ""},
      {"replay", "`weir replay`.", ""},
      {"lists", "Data that ships with weir, or your own.", ""},
      {"sources",
       "The topics of events. What is given replaces the default; an entry takes what it lacks from the "
       "default entry.",
       sources_example},
      {"sites",
       "The sites. What is given replaces the default; an entry takes what it lacks from the default entry. "
       "A site that "
       "is not listed is like one without settings.",
       sites_example},
      {"goals", "A session that holds such an event is a conversion. What is empty or 0 is not asked for.",
       goals_example},
      {"funnels", "Steps that visitors take one after the other.", funnels_example},
      {"alerts", "Added to weir's own alerts, which `weir alerts rules` prints.", alerts_example},
      {"webhook", "Who is told of alerts.", ""},
  };
  return all;
}

}  // namespace weir::config
