#include "tools/generate/event_json.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <date/date.h>
#include <fmt/compile.h>
#include <fmt/format.h>

namespace weir {
namespace {

constexpr std::int64_t day_length = 86'400'000;

/// Log-normal, median 0.9 s, by the logistic curve, which is near enough to the normal one.
std::uint16_t load_time(double quantile) {
  const auto normal = std::log(quantile / (1 - quantile)) / 1.702;
  return static_cast<std::uint16_t>(std::clamp(900 * std::exp(0.6 * normal), 40.0, 60'000.0));
}

std::string_view type_of(const happening& event) {
  if (event.wrong == defect::unknown_type) return "page_vew";
  switch (event.what) {
    case action::session_start:
      return "session_start";
    case action::page_view:
      return "page_view";
    case action::click:
      return "click";
    case action::scroll:
      return "scroll";
    case action::form_submit:
      return "form_submit";
    case action::video_play:
      return "video_play";
    case action::session_end:
      return "session_end";
    default:
      return "custom_event";
  }
}

template <class List>
const auto& pick(const List& list, std::uint64_t chance) {
  return list[chance % list.size()];
}

template <class... Args>
std::string_view print(std::string& to, Args&&... args) {
  to.clear();
  fmt::format_to(std::back_inserter(to), std::forward<Args>(args)...);
  return to;
}

/// A number of so many hexadecimal digits.
std::string_view print_hex(std::string& to, std::string_view prefix, std::uint64_t x, unsigned digits) {
  to = prefix;
  for (auto shift = 4 * digits; shift > 0; shift -= 4) to += "0123456789abcdef"[x >> (shift - 4) & 15];
  return to;
}

/// A number of so many decimal digits, and what follows it.
void append_digits(std::string& to, std::int64_t x, unsigned digits, char then) {
  char text[8];
  text[digits] = then;
  for (auto i = digits; i > 0; x /= 10) text[--i] = static_cast<char>('0' + x % 10);
  to.append(text, digits + 1);
}

/// Fields of an object, without its braces.
template <class Fill>
std::string fields(Fill fill) {
  std::string out;
  json_writer json(out);
  json.begin_object();
  fill(json);
  return out.substr(1);
}

}  // namespace

event_json::event_json(unsigned sites, unsigned pages)
    : sites_(make_sites(sites)), pages_(make_pages(pages)) {
  for (std::size_t i = 0; i < load_times_.size(); ++i)
    load_times_[i] = load_time((static_cast<double>(i) + 0.5) / static_cast<double>(load_times_.size()));
  prepare();
}

void event_json::prepare() {
  for (const auto& x : pages_)
    titles_.push_back(fields([&](json_writer& json) { json.field("page_title", x.title); }));
  for (const auto& x : devices()) {
    clients_.push_back(fields(
        [&](json_writer& json) { json.field("user_agent", x.agent).field("screen_resolution", x.screen); }));
    claims_.push_back(fields([&](json_writer& json) {
      json.field("device_type", x.type)
          .field("browser", x.browser)
          .field("browser_version", x.browser_version);
      json.field("os", x.os).optional("os_version", x.os_version);
    }));
  }
  for (const auto& x : countries())
    places_.push_back(fields([&](json_writer& json) {
      json.field("country", x.code).field("region", x.region).field("city", x.city);
    }));
}

void event_json::write_key(const visit& who, std::string& out) const {
  if (who.derived)
    print_hex(out, "v-", who.visitor, 8);
  else
    print_hex(out, "s-", who.id, 16);
}

void event_json::write_value(const happening& event, std::string& out) {
  out.clear();
  if (event.wrong == defect::not_an_object) {
    out += "[\"page_view\"]";
    return;
  }
  random_source random(event.seed);
  json_writer json(out);
  json.begin_object();
  write_head(event, json);
  write_page(event, json);
  write_client(event.who, event.wrong, json);
  write_details(event, random, json);
  json.name("properties")
      .begin_object()
      .field("variant", event.who.id % 2 ? "a" : "b")
      .field("sequence", event.who.seen);
  json.end_object().end_object();
  if (event.wrong == defect::cut) out.resize(out.size() / 2);
}

void event_json::write_head(const happening& event, json_writer& json) {
  const auto& who = event.who;
  random_source ids(event.seed ^ who.id);
  if (event.wrong != defect::no_event_id) json.field("event_id", print_hex(scratch_, "e-", ids.next(), 16));
  json.field("event_type", type_of(event));
  write_time(event, json);
  if (event.wrong == defect::long_id) json.field("session_id", std::string(200, 'x'));
  const bool somebody = event.wrong != defect::nobody;
  if (somebody && event.wrong != defect::long_id && !who.derived)
    json.field("session_id", print_hex(scratch_, "s-", who.id, 16));
  if (somebody) json.field("visitor_id", print_hex(scratch_, "v-", who.visitor, 8));
  if (somebody && who.identified) json.field("user_id", print(scratch_, FMT_COMPILE("u-{}"), who.visitor));
  // Most senders leave out what is the default anyway.
  if (who.site > 0) json.field("site_id", sites_[who.site].id);
}

/// RFC 3339, or milliseconds for one visit in twenty.
void event_json::write_time(const happening& event, json_writer& json) {
  if (event.wrong == defect::bad_time) {
    json.field("timestamp", "yesterday");
    return;
  }
  const auto time = event.wrong == defect::future_time ? event.time + 3650 * day_length : event.time;
  if (event.who.id % 20 == 0) {
    json.field("timestamp", time);
    return;
  }
  if (time / day_length != day_) {
    day_ = time / day_length;
    date_ = date::format("%FT", date::sys_days(date::days(day_)));
  }
  const auto x = time % day_length;
  scratch_ = date_;
  append_digits(scratch_, x / 3'600'000, 2, ':');
  append_digits(scratch_, x / 60'000 % 60, 2, ':');
  append_digits(scratch_, x / 1000 % 60, 2, '.');
  append_digits(scratch_, x % 1000, 3, 'Z');
  json.field("timestamp", scratch_);
}

std::string_view event_json::path_of(const visit& who) const {
  if (who.stage == shopping::in_cart) return "/cart";
  if (who.stage == shopping::at_checkout || who.stage == shopping::bought) return "/checkout";
  return pages_[who.page].path;
}

void event_json::write_page(const happening& event, json_writer& json) {
  const auto& who = event.who;
  if (event.what == action::session_start || event.what == action::session_end) return;
  const auto& origin = sites_[who.site].origin;
  const bool landing = who.seen == (who.framed ? 1U : 0U);
  const std::string_view query = landing ? campaigns()[who.campaign] : "";  // fmt copies from no null pointer
  if (event.wrong == defect::bad_url)
    json.field("page_url", "www.example.com/no-scheme");
  else
    json.field("page_url", print(scratch_, FMT_COMPILE("{}{}{}{}"), origin, path_of(who),
                                 query.empty() ? "" : "?", query));
  json.raw(titles_[who.page]);
  json.optional("referrer",
                landing ? referrers()[who.referrer] : print(scratch_, FMT_COMPILE("{}/"), origin));
}

/// A visitor's device, country and address never change.
void event_json::write_client(const visit& who, defect wrong, json_writer& json) {
  random_source random(who.visitor * 0x2545f4914f6cdd1dULL);
  const auto client = random.skewed(clients_.size());
  const auto place = random.skewed(places_.size());
  const auto a = random.next();
  if (wrong == defect::wrong_type)
    json.field("user_agent", 7);
  else
    json.raw(clients_[client]);
  json.field("ip_address", print(scratch_, FMT_COMPILE("{}.{}.{}.{}"), 1 + a % 220, a >> 8 & 255,
                                 a >> 16 & 255, a >> 24 & 255));
  // Some clients claim nothing.
  if (!random.chance(0.1)) json.raw(claims_[client]).raw(places_[place]);
}

void event_json::write_details(const happening& event, random_source& random, json_writer& json) {
  switch (event.what) {
    case action::page_view: {
      const std::int64_t load = load_times_[random.below(load_times_.size())];
      json.field("page_load_time_ms", load);
      json.field("dom_interactive_ms", load * 6 / 10).field("dom_complete_ms", load * 9 / 10);
      break;
    }
    case action::click:
      json.field("element_id", print(scratch_, FMT_COMPILE("btn-{}"), random.skewed(40)));
      json.field("element_class", "btn primary").field("x_position", random.below(1200));
      json.field("y_position", random.below(3000));
      break;
    case action::scroll:
      json.field("scroll_depth", 5 * (1 + random.below(20))).field("scroll_direction", "down");
      break;
    case action::form_start:
    case action::form_submit:
      write_form(event, random, json);
      break;
    case action::video_play:
      json.field("video_id", print(scratch_, FMT_COMPILE("intro-{}"), random.skewed(9)));
      json.field("video_duration_seconds", 90).field("autoplay", random.chance(0.3));
      break;
    case action::search:
      json.field("event_name", "search").field("event_label", pick(searches(), random.next()));
      break;
    case action::add_to_cart:
    case action::purchase:
      json.field("event_name", event.what == action::purchase ? "purchase" : "add_to_cart");
      json.field("event_category", "shop");
      json.field("event_value", static_cast<double>(500 + random.below(15'000)) / 100);
      break;
    case action::signup:
    case action::identify:
      json.field("event_name", event.what == action::signup ? "signup" : "identify");
      break;
    case action::session_start:
      json.field("traffic_source", event.who.campaign ? "newsletter" : "direct");
      json.optional("traffic_medium", event.who.campaign ? "email" : "");
      break;
    case action::session_end:
      json.field("events_count", event.who.seen + 1);
      break;
  }
}

void event_json::write_form(const happening& event, random_source& random, json_writer& json) {
  const auto form = forms()[event.who.form];
  if (event.what == action::form_start) {
    json.field("event_name", "form_start").field("form_id", form);
    return;
  }
  json.field("form_id", form).field("form_success", event.success);
  if (!event.success) json.field("form_error", random.chance(0.7) ? "email_invalid" : "name_missing");
  json.name("form_fields").begin_object().field("fields", 3).end_object();
}

}  // namespace weir
