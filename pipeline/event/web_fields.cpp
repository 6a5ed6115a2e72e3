#include "pipeline/event/web_fields.hpp"

namespace weir {

namespace {

using target = web_field_rule::target;

constexpr web_field_rule rule(std::string_view name, text slot, form form = form::text) {
  return {name, target::text, static_cast<std::uint8_t>(slot), form};
}
constexpr web_field_rule rule(std::string_view name, number slot, form form) {
  return {name, target::number, static_cast<std::uint8_t>(slot), form};
}
constexpr web_field_rule flag_rule(std::string_view name) { return {name, target::flag, 0, form::boolean}; }
constexpr web_field_rule own_rule(std::string_view name, form form) { return {name, target::own, 0, form}; }

constexpr std::array<web_field_rule, web_fields> rules{
    rule("event_id", text::event_id, form::id),
    own_rule("event_type", form::event_type),
    own_rule("timestamp", form::time),
    rule("session_id", text::session_id, form::session_id),
    rule("user_id", text::user_id, form::id),
    rule("visitor_id", text::visitor_id, form::id),
    rule("site_id", text::site_id, form::site_id),
    rule("page_url", text::page_url, form::url),
    rule("page_path", text::page_path),
    rule("page_title", text::page_title),
    rule("referrer", text::referrer),
    rule("page_id", text::page_id),
    rule("user_agent", text::user_agent),
    rule("ip_address", text::ip_address),
    rule("device_type", text::device_type),
    rule("browser", text::browser),
    rule("browser_version", text::browser_version),
    rule("os", text::os),
    rule("os_version", text::os_version),
    rule("device_brand", text::device_brand),
    rule("device_model", text::device_model),
    rule("country", text::country),
    rule("region", text::region),
    rule("city", text::city),
    rule("screen_resolution", text::screen_resolution, form::extent),
    rule("viewport_size", text::viewport_size, form::extent),
    rule("screen_width", number::screen_width, form::natural),
    rule("screen_height", number::screen_height, form::natural),
    rule("viewport_width", number::viewport_width, form::natural),
    rule("viewport_height", number::viewport_height, form::natural),
    rule("properties", text::properties, form::object),
    rule("metadata", text::metadata, form::object),
    rule("user_props", text::user_props, form::object),
    // page_view
    rule("page_load_time_ms", number::page_load_time_ms, form::milliseconds),
    rule("dom_interactive_ms", number::dom_interactive_ms, form::milliseconds),
    rule("dom_complete_ms", number::dom_complete_ms, form::milliseconds),
    // click
    rule("element_id", text::element_id),
    rule("element_class", text::element_class),
    rule("element_text", text::element_text),
    rule("x_position", number::x_position, form::real),
    rule("y_position", number::y_position, form::real),
    rule("target_url", text::target_url),
    // scroll
    rule("scroll_depth", number::scroll_depth, form::percent),
    rule("scroll_direction", text::scroll_direction),
    rule("scroll_position_y", number::scroll_position_y, form::real),
    rule("page_height", number::page_height, form::real),
    // form_submit
    rule("form_id", text::form_id),
    rule("form_name", text::form_name),
    flag_rule("form_success"),
    rule("form_error", text::form_error),
    rule("form_fields", text::form_fields, form::object),
    // video_play
    rule("video_id", text::video_id),
    rule("video_title", text::video_title),
    rule("video_duration_seconds", number::video_duration_seconds, form::real),
    rule("play_time_seconds", number::play_time_seconds, form::real),
    flag_rule("autoplay"),
    // custom_event
    rule("event_name", text::event_name),
    rule("event_category", text::event_category),
    rule("event_label", text::event_label),
    rule("event_value", number::event_value, form::real),
    // session_start
    rule("traffic_source", text::traffic_source),
    rule("traffic_medium", text::traffic_medium),
    rule("campaign_name", text::campaign_name),
    // session_end
    rule("session_duration_seconds", text::session_duration_seconds, form::any),
    rule("pages_visited", text::pages_visited, form::any),
    rule("events_count", text::events_count, form::any),
};

// A perfect hash of the names by their length and three of their characters (which three: those that tell all
// names apart), found by the compiler.
constexpr unsigned hash_bits = 9;
using hash_table = std::array<std::uint8_t, 1U << hash_bits>;

constexpr std::uint32_t letters(std::string_view name) {
  const auto at = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]));
  };
  const auto size = name.size();
  return at(0) | at(size * 3 / 4) << 8 | at(size - 1) << 16 | static_cast<std::uint32_t>(size) << 24;
}

constexpr std::uint32_t hash(std::string_view name, std::uint32_t seed) {
  return letters(name) * seed >> (32 - hash_bits);
}

struct perfect_hash {
  std::uint32_t seed = 0;
  hash_table table{};
};

constexpr bool fill(perfect_hash& h) {
  h.table.fill(web_fields);
  for (std::size_t i = 0; i < web_fields; ++i) {
    auto& entry = h.table[hash(rules[i].name, h.seed)];
    if (entry != web_fields) return false;
    entry = static_cast<std::uint8_t>(i);
  }
  return true;
}

constexpr perfect_hash find_hash() {
  perfect_hash h;
  for (h.seed = 0x9e3779b1; !fill(h);) h.seed += 0x61c88646;
  return h;
}

constexpr perfect_hash names = find_hash();

}  // namespace

const std::array<web_field_rule, web_fields> web_field_rules = rules;

web_field_range fields_of(event_type type) {
  static constexpr std::array<web_field_range, event_types> ranges{{
      {web_field::page_load_time_ms, web_field::element_id},
      {web_field::element_id, web_field::scroll_depth},
      {web_field::scroll_depth, web_field::form_id},
      {web_field::form_id, web_field::video_id},
      {web_field::video_id, web_field::event_name},
      {web_field::event_name, web_field::traffic_source},
      {web_field::traffic_source, web_field::session_duration_seconds},
      {web_field::session_duration_seconds, web_field::count_},
  }};
  return ranges[static_cast<std::size_t>(type)];
}

web_field web_field_of(std::string_view name) {
  if (name.empty()) return web_field::count_;
  const auto found = names.table[hash(name, names.seed)];
  return is_named(static_cast<web_field>(found), name) ? static_cast<web_field>(found) : web_field::count_;
}

std::string_view expectation(form form) {
  switch (form) {
    case form::text:
      return "a string";
    case form::id:
      return "a string of 1 to 128 characters";
    case form::session_id:
      return "a string of 1 to 128 characters that does not begin with ~";
    case form::site_id:
      return "a string of 1 to 100 characters of A-Z a-z 0-9 . _ -";
    case form::url:
      return "an absolute http or https URL of at most 2048 characters without spaces";
    case form::event_type:
      return "the name of an event type";
    case form::time:
      return "an RFC 3339 time, or an integer of 13 digits (milliseconds) or 10 (seconds)";
    case form::extent:
      return "a string like 1920x1080";
    case form::natural:
      return "an integer from 0";
    case form::milliseconds:
      return "an integer from 0 to 600000";
    case form::real:
      return "a number from -10^12 to 10^12";
    case form::percent:
      return "a number from 0 to 100";
    case form::boolean:
      return "true or false";
    case form::object:
      return "an object";
    case form::any:
      return "anything";
  }
  return {};
}

}  // namespace weir
