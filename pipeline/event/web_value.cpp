#include "pipeline/event/web_value.hpp"

#include <algorithm>
#include <cmath>

#include "pipeline/event/fault_message.hpp"
#include "pipeline/event/page_url.hpp"
#include "pipeline/event/time_format.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

using kind = json_value::kind;
using verdict = std::optional<reason>;

constexpr std::size_t longest_id = 128;
constexpr std::size_t longest_site = 100;
constexpr std::size_t longest_url = 2048;
constexpr double longest_load = 600'000;
constexpr double largest_number = 1e12;

constexpr verdict right = std::nullopt;

bool longer_than(std::string_view text, std::size_t limit) {
  return text.size() > limit && code_points(text) > limit;
}

verdict in_range(bool yes) { return yes ? right : reason::out_of_range; }

bool is_site_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '-';
}

bool is_extent(std::string_view text) {
  const auto x = text.find('x');
  if (x == 0 || x >= text.size() - 1) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::all_of(text.begin(), text.begin() + long(x), digit) &&
         std::all_of(text.begin() + long(x) + 1, text.end(), digit);
}

verdict judge_url(std::string_view url) {
  if (longer_than(url, longest_url) || has_space_or_control(url)) return reason::out_of_range;
  return is_page_url(url) ? right : reason::invalid_url;
}

verdict judge_text(std::string_view text, form form) {
  switch (form) {
    case form::id:
      return in_range(!longer_than(text, longest_id));
    case form::session_id:
      return in_range(!longer_than(text, longest_id) && text.front() != '~');
    case form::site_id:
      return in_range(text.size() <= longest_site &&
                      std::all_of(text.begin(), text.end(), is_site_character));
    case form::extent:
      return in_range(is_extent(text));
    case form::url:
      return judge_url(text);
    default:
      return right;
  }
}

verdict judge_integer(const json_value& value, double most) {
  if (value.what != kind::integer) return reason::wrong_type;
  return in_range(value.number >= 0 && value.number <= most);
}

verdict judge_number(const json_value& value, double least, double most) {
  if (value.what != kind::integer && value.what != kind::real) return reason::wrong_type;
  return in_range(value.number >= least && value.number <= most);
}

verdict judge_kind(bool right_kind) { return right_kind ? right : reason::wrong_type; }

bool is_number(const json_value& value) { return value.what == kind::integer || value.what == kind::real; }

bool is_personal(web_field field) {
  return field == web_field::user_id || field == web_field::visitor_id || field == web_field::ip_address;
}

std::string length_of(std::string_view text) { return std::to_string(code_points(text)) + " characters"; }

}  // namespace

std::optional<reason> judge(const json_value& value, form form) {
  switch (form) {
    case form::time:
      return judge_kind(value.what == kind::string || is_number(value));
    case form::natural:
      return judge_integer(value, INFINITY);
    case form::milliseconds:
      return judge_integer(value, longest_load);
    case form::real:
      return judge_number(value, -largest_number, largest_number);
    case form::percent:
      return judge_number(value, 0, 100);
    case form::boolean:
      return judge_kind(value.what == kind::boolean);
    case form::object:
      return judge_kind(value.what == kind::object);
    case form::any:
      return right;
    default:
      return value.what == kind::string ? judge_text(value.text, form) : reason::wrong_type;
  }
}

bool parse_integer_time(const json_value& value, std::int64_t& milliseconds) {
  constexpr double too_long = 1e13;  // 14 digits
  if (value.what != kind::integer || value.number < 0 || value.number >= too_long) return false;
  return parse_epoch(static_cast<std::uint64_t>(value.number), milliseconds);
}

std::string got(const web_record& record, web_field field, reason why) {
  constexpr std::size_t short_enough = 60;
  const auto& value = record[field];
  const bool is_string = value.what == kind::string, is_private = is_personal(field);
  if (is_string && why == reason::out_of_range && (is_private || value.text.size() > short_enough))
    return length_of(value.text);
  if (is_private || value.what == kind::array || value.what == kind::object)
    return std::string(kind_name(value.what));
  return quoted(is_string ? value.text : record.json(value));
}

}  // namespace weir
