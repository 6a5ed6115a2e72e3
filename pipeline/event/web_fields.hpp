#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "pipeline/event/event.hpp"

namespace weir {

/// What the value of a web event's field must look like. events.md, "Web".
enum class form : std::uint8_t {
  text,        // any string
  id,          // a string of 1 to 128 characters
  session_id,  // an id that does not begin with `~`
  site_id,     // 1 to 100 of A-Z a-z 0-9 . _ -
  url,         // absolute http or https URL
  event_type,
  time,
  extent,        // WxH
  natural,       // an integer from 0
  milliseconds,  // an integer from 0 to 600,000
  real,          // a number of at most 10^12
  percent,       // a number from 0 to 100
  boolean,
  object,  // kept as it is
  any,     // kept as it is, not checked
};
std::string_view expectation(form form);

/// The fields of web events. Those of all events stand first, then those of each type, each group in the
/// order in which events.md lists them: the order in which they are checked.
enum class web_field : std::uint8_t {
  event_id,
  event_type,
  timestamp,
  session_id,
  user_id,
  visitor_id,
  site_id,
  page_url,
  page_path,
  page_title,
  referrer,
  page_id,
  user_agent,
  ip_address,
  device_type,
  browser,
  browser_version,
  os,
  os_version,
  device_brand,
  device_model,
  country,
  region,
  city,
  screen_resolution,
  viewport_size,
  screen_width,
  screen_height,
  viewport_width,
  viewport_height,
  properties,
  metadata,
  user_props,
  page_load_time_ms,
  dom_interactive_ms,
  dom_complete_ms,
  element_id,
  element_class,
  element_text,
  x_position,
  y_position,
  target_url,
  scroll_depth,
  scroll_direction,
  scroll_position_y,
  page_height,
  form_id,
  form_name,
  form_success,
  form_error,
  form_fields,
  video_id,
  video_title,
  video_duration_seconds,
  play_time_seconds,
  autoplay,
  event_name,
  event_category,
  event_label,
  event_value,
  traffic_source,
  traffic_medium,
  campaign_name,
  session_duration_seconds,
  pages_visited,
  events_count,
  count_  // no field
};
inline constexpr auto web_fields = static_cast<std::size_t>(web_field::count_);

/// Which member of `event` a field fills.
struct web_field_rule {
  std::string_view name;
  enum class target : std::uint8_t { text, number, flag, own } where;  // own: the decoder knows
  std::uint8_t slot;                                                   // text or number
  weir::form form;
};
extern const std::array<web_field_rule, web_fields> web_field_rules;
inline const web_field_rule& rule_of(web_field field) {
  return web_field_rules[static_cast<std::size_t>(field)];
}

/// The fields that only events of the type have: [first, last).
struct web_field_range {
  web_field first, last;
};
web_field_range fields_of(event_type type);

/// The field of that name, `web_field::count_` when there is none.
web_field web_field_of(std::string_view name);

/// True when the field has that name: what web_field_of would find, but cheaper, for who has a guess.
inline bool is_named(web_field field, std::string_view name) {
  if (field == web_field::count_) return false;
  const auto own = rule_of(field).name;
  if (own.size() != name.size()) return false;
  const auto word = [](const char* at) {
    std::uint64_t x;
    std::memcpy(&x, at, sizeof x);
    return x;
  };
  constexpr std::size_t step = sizeof(std::uint64_t);
  if (own.size() < step) return own == name;
  for (std::size_t at = 0; at + step < own.size(); at += step)
    if (word(own.data() + at) != word(name.data() + at)) return false;
  const auto last = own.size() - step;  // overlaps the word before
  return word(own.data() + last) == word(name.data() + last);
}

}  // namespace weir
