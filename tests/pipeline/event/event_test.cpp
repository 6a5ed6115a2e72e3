#include "pipeline/event/event.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "pipeline/event/device_type.hpp"
#include "pipeline/event/quality.hpp"
#include "pipeline/event/web_fields.hpp"

using namespace weir;

TEST_CASE("every type, text and number of an event has a name of its own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < event_types; ++i) names.insert(to_string(static_cast<event_type>(i)));
  CHECK(names.size() == event_types);
  names.clear();
  for (std::size_t i = 0; i < text_fields; ++i) names.insert(to_string(static_cast<text>(i)));
  for (std::size_t i = 0; i < number_fields; ++i) names.insert(to_string(static_cast<number>(i)));
  CHECK(names.size() == text_fields + number_fields);
  CHECK(names.count("") == 0);
  CHECK(to_string(text::events_count) == "events_count");
  CHECK(to_string(text::properties) == "properties");
  CHECK(to_string(number::event_value) == "event_value");
}

TEST_CASE("an event type is found by its name or alias") {
  for (std::size_t i = 0; i < event_types; ++i) {
    const auto type = static_cast<event_type>(i);
    CHECK(event_type_of(to_string(type)) == type);
  }
  CHECK(event_type_of("pageview") == event_type::page_view);
  CHECK_FALSE(event_type_of("Page_View"));
  CHECK_FALSE(event_type_of(""));
  CHECK(event_name_of("form_focus") == "form_start");
  CHECK(event_name_of("buy") == "buy");
}

TEST_CASE("every field of web events is found by its name and fills the member of that name") {
  for (std::size_t i = 0; i < web_fields; ++i) {
    const auto field = static_cast<web_field>(i);
    const auto& rule = rule_of(field);
    CHECK(web_field_of(rule.name) == field);
    CHECK(expectation(rule.form) != "");
    if (rule.where == web_field_rule::target::text)
      CHECK(to_string(static_cast<text>(rule.slot)) == rule.name);
    if (rule.where == web_field_rule::target::number)
      CHECK(to_string(static_cast<number>(rule.slot)) == rule.name);
    for (const auto* other : {"x", "s", "_"})
      CHECK(web_field_of(std::string(rule.name) + other) == web_field::count_);
  }
  CHECK(web_field_of("") == web_field::count_);
  CHECK(web_field_of("event_iD") == web_field::count_);
}

TEST_CASE("the quality score falls with what an event lacks") {
  event e;
  e[text::visitor_id] = "v";
  e[text::user_agent] = "A";
  e[text::page_path] = "/a";
  CHECK(quality_score(e) == 1);
  e[text::page_path] = "/tours/viewer/7";
  CHECK(quality_score(e) == 0.9);
  e[text::user_agent] = "";
  CHECK(quality_score(e) == 0.7);
  e[text::event_name] = "buy";
  CHECK(quality_score(e) == 0.75);
  e.session_derived = true;
  CHECK(quality_score(e) == 0.45);
  e[text::visitor_id] = "";
  CHECK(quality_score(e) == 0.15);
  e[text::event_name] = "";
  CHECK(quality_score(e) == 0.1);
  e[text::user_id] = "u";
  CHECK(quality_score(e) == 0.4);
}

TEST_CASE("the quality score is at most 1") {
  event e;
  e[text::user_id] = "u";
  e[text::user_agent] = "A";
  e[text::event_name] = "buy";
  CHECK(quality_score(e) == 1);
}

TEST_CASE("the device type is the claim, else by the screen's width") {
  event e;
  CHECK(device_type_of(e) == "unknown");
  e[text::screen_resolution] = "767x1024";
  CHECK(device_type_of(e) == "mobile");
  e[text::screen_resolution] = "768x1024";
  CHECK(device_type_of(e) == "tablet");
  e[text::screen_resolution] = "1024x768";
  CHECK(device_type_of(e) == "desktop");
  e.set(number::screen_width, 320);
  CHECK(device_type_of(e) == "mobile");
  for (const auto* claim : {"unknown", "(none)", ""}) {
    e[text::device_type] = claim;
    CHECK(device_type_of(e) == "mobile");
  }
  e[text::device_type] = "fridge";
  CHECK(device_type_of(e) == "fridge");
}
