#include "pipeline/event/event.hpp"

namespace weir {

namespace {

constexpr std::array<std::string_view, event_types> type_names{
    "page_view",  "click",        "scroll",        "form_submit",
    "video_play", "custom_event", "session_start", "session_end",
};

constexpr std::array<std::string_view, text_fields> text_names{
    "event_id",
    "session_id",
    "user_id",
    "visitor_id",
    "site_id",
    "page_url",
    "page_path",
    "page_id",
    "page_title",
    "referrer",
    "user_agent",
    "ip_address",
    "device_type",
    "browser",
    "browser_version",
    "os",
    "os_version",
    "device_brand",
    "device_model",
    "country",
    "region",
    "city",
    "screen_resolution",
    "viewport_size",
    "element_id",
    "element_class",
    "element_text",
    "target_url",
    "scroll_direction",
    "form_id",
    "form_name",
    "form_error",
    "video_id",
    "video_title",
    "event_name",
    "event_category",
    "event_label",
    "traffic_source",
    "traffic_medium",
    "campaign_name",
    "properties",
    "metadata",
    "user_props",
    "form_fields",
    "session_duration_seconds",
    "pages_visited",
    "events_count",
};

constexpr std::array<std::string_view, number_fields> number_names{
    "screen_width",           "screen_height",     "viewport_width",
    "viewport_height",        "page_load_time_ms", "dom_interactive_ms",
    "dom_complete_ms",        "x_position",        "y_position",
    "scroll_depth",           "scroll_position_y", "page_height",
    "video_duration_seconds", "play_time_seconds", "event_value",
};

}  // namespace

std::string_view to_string(event_type type) { return type_names[static_cast<std::size_t>(type)]; }
std::string_view to_string(text field) { return text_names[static_cast<std::size_t>(field)]; }
std::string_view to_string(number field) { return number_names[static_cast<std::size_t>(field)]; }

std::optional<event_type> event_type_of(std::string_view name) {
  for (std::size_t i = 0; i < event_types; ++i)
    if (type_names[i] == name) return static_cast<event_type>(i);
  if (name == "pageview") return event_type::page_view;
  return std::nullopt;
}

std::string_view event_name_of(std::string_view name) { return name == "form_focus" ? "form_start" : name; }

}  // namespace weir
