#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir {

enum class event_type : std::uint8_t {
  page_view,
  click,
  scroll,
  form_submit,
  video_play,
  custom_event,
  session_start,
  session_end,
};
inline constexpr std::size_t event_types = 8;
std::string_view to_string(event_type type);
/// The type of that name or alias (`pageview`); none for any other name. events.md: "An alias is read as the
/// name that it stands for, everywhere", so in the configuration too.
std::optional<event_type> event_type_of(std::string_view name);
/// The event_name that a name stands for: itself, but `form_start` for its alias `form_focus`.
std::string_view event_name_of(std::string_view name);

/// Fields of an event that are text, in the order in which silver writes them.
enum class text : std::uint8_t {
  event_id,
  session_id,
  user_id,
  visitor_id,
  site_id,
  page_url,
  page_path,
  page_id,
  page_title,
  referrer,
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
  element_id,
  element_class,
  element_text,
  target_url,
  scroll_direction,
  form_id,
  form_name,
  form_error,
  video_id,
  video_title,
  event_name,
  event_category,
  event_label,
  traffic_source,
  traffic_medium,
  campaign_name,
  // JSON kept as it is, not decoded: objects, and what session_end claims
  properties,
  metadata,
  user_props,
  form_fields,
  session_duration_seconds,
  pages_visited,
  events_count,
  count_  // not a field
};
inline constexpr auto text_fields = static_cast<std::size_t>(text::count_);
inline constexpr auto first_json_field = text::properties;
std::string_view to_string(text field);

/// Fields of an event that are numbers.
enum class number : std::uint8_t {
  screen_width,
  screen_height,
  viewport_width,
  viewport_height,
  page_load_time_ms,
  dom_interactive_ms,
  dom_complete_ms,
  x_position,
  y_position,
  scroll_depth,
  scroll_position_y,
  page_height,
  video_duration_seconds,
  play_time_seconds,
  event_value,
  count_  // not a field
};
inline constexpr auto number_fields = static_cast<std::size_t>(number::count_);
std::string_view to_string(number field);

/// A boolean that may be absent.
enum class flag : std::uint8_t { absent, no, yes };

/// A text that is written otherwise than it is read: personal data masked.
struct masked_text {
  text field;
  std::string_view written;
};

/// Where an event's country, region and city are from.
enum class place_source : std::uint8_t { none, client, database };

/// One valid event, decoded. Texts are UTF-8, empty when absent, and point into the batch's arena: an event
/// lives until the lane's quiet point. Times are milliseconds since the epoch, UTC. Definitions: events.md.
struct event {
  event_type type = event_type::page_view;
  std::int64_t time = 0;
  std::array<std::string_view, text_fields> texts{};
  std::array<double, number_fields> numbers{};
  std::uint32_t present = 0;  // bit n: numbers[n] is there
  flag form_success = flag::absent;
  flag autoplay = flag::absent;
  bool empty_agent = false;      // user_agent was sent, but empty: a bot signal
  bool crawler = false;          // the agent is a crawler's: enrichment found out
  bool headless = false;         // likewise a headless browser's
  bool session_derived = false;  // no session_id came: text::session_id holds the derived one, "~<visitor>"
  double quality = 1;            // quality score, 0..1, two digits
  place_source place = place_source::none;
  std::uint32_t personal = 0;           // e-mail addresses, card and phone numbers that it held
  std::span<const masked_text> masked;  // how to write the texts that held them; empty: as they are

  std::string_view operator[](text field) const { return texts[static_cast<std::size_t>(field)]; }
  std::string_view& operator[](text field) { return texts[static_cast<std::size_t>(field)]; }
  /// The text as it is written.
  std::string_view written(text field) const {
    for (const auto& m : masked)
      if (m.field == field) return m.written;
    return (*this)[field];
  }
  bool has(number field) const { return present >> static_cast<unsigned>(field) & 1U; }
  double operator[](number field) const { return numbers[static_cast<std::size_t>(field)]; }
  void set(number field, double value) {
    numbers[static_cast<std::size_t>(field)] = value;
    present |= 1U << static_cast<unsigned>(field);
  }
};

/// What the reader knows of an event beside its content.
struct stamp {
  std::int64_t offset = 0;       // in its partition
  std::int64_t watermark = 0;    // W as the records before it left it
  std::int64_t record_time = 0;  // broker time; in replay `replay.now`
  std::int64_t arrival = 0;  // what `quality` goes by: broker time, not below the highest event time so far,
                             // which is all there is in replay
  bool sends_interactions = false;  // the source's setting: their lack is a bot's signal
};

}  // namespace weir
