#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/event/bot_signal.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/kpi/contribution.hpp"

namespace weir {

/// Milliseconds. `off` limits are `unlimited`.
using millis = std::int64_t;
inline constexpr millis unlimited = std::numeric_limits<millis>::max() / 4;

/// Event time: sessions.md, "Two clocks".
struct time_rules {
  millis max_out_of_orderness = 30'000;
  millis idle_timeout = 60'000;
  millis allowed_lateness = 3'600'000;
  millis max_skew = 3'600'000;
};

/// sessions.md, "Session".
struct session_rules {
  millis timeout = 1'800'000;
  millis max_duration = 86'400'000;
  bool split_on_campaign = false;
};

/// events.md, "Validation".
struct validation_rules {
  millis max_future = 300'000;
  millis max_age = unlimited;
  std::uint64_t max_bytes = 1 << 20;
  unsigned max_depth = 32;
};

struct kpi_rules {
  family_set families = family_set().set();  // those that are computed
  std::uint64_t max_keys = 50'000;
  unsigned shards = 8;
  millis publish_interval = 60'000;
  millis site_publish_interval = 10'000;
};

struct site_rules {
  std::vector<std::string> domains;
  std::string timezone = "UTC";
  std::string currency = "EUR";
  millis target_duration = 120'000;
};

/// What an event must be to meet a goal or a funnel step; what is empty or 0 is not asked for.
struct event_match {
  std::optional<event_type> type;
  std::string name;       // event_name
  std::string page_path;  // glob: `*` any characters, `/` too, `?` one
  double min_value = 0;   // of custom events
};

struct goal {
  std::string id;
  event_match event;
  bool revenue = false;
};

struct funnel_step {
  std::string name;
  event_match match;
};

struct funnel {
  enum class reach { session, user };
  std::string id;
  reach scope = reach::session;
  millis within = 86'400'000;
  std::vector<funnel_step> steps;
};

/// privacy.ip
enum class ip_privacy : std::uint8_t { keep, truncate, drop };

/// One source topic of events.
struct source_rules {
  std::string topic = "topic_web_events";
  std::string format = "web";
  bool keyed_by_session = true;
  bool sends_interactions = false;
  bool accept_unknown_types = false;
  bool backfill = false;
};

/// All that decides what events mean; a function of the configuration alone, shared by every task, never
/// changed.
struct rules {
  time_rules time;
  session_rules session;
  millis max_delay = 86'400'000;  // late.max_delay; `unlimited` in replay
  bool backfill = false;          // max_delay is off for one of the sources
  validation_rules validation;
  kpi_rules kpi;
  ip_privacy ip = ip_privacy::truncate;
  bool mask_pii = true;                         // privacy.mask_pii
  std::string user_id_secret;                   // privacy.hash_user_ids: what the file holds; empty: off
  bool silver = true;                           // output.silver
  millis users_retention = 400 * 86'400'000LL;  // users.retention
  std::uint64_t max_output_bytes = 900 * 1024;
  std::map<std::string, site_rules, std::less<>> sites{{"default", {}}};
  std::vector<goal> goals;
  std::vector<funnel> funnels;
  bot_rules bots;

  /// The site's rules; a site that is not listed is like `default: {}`: it has the built-in values, whatever
  /// `sites.default` says.
  const site_rules& site(std::string_view id) const {
    static const site_rules built_in;
    const auto found = sites.find(id);
    return found == sites.end() ? built_in : found->second;
  }
};

/// True when the text is matched by the glob: `*` any characters, `?` one byte sequence of a code point.
bool glob_match(std::string_view glob, std::string_view text);

/// True when the event is what the match asks for.
bool matches(const event_match& match, const event& e);

}  // namespace weir
