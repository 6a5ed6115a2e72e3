#include "pipeline/event/access_log.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "pipeline/base/hash.hpp"
#include "pipeline/event/fault_message.hpp"
#include "pipeline/event/log_line.hpp"
#include "pipeline/event/page_url.hpp"
#include "pipeline/event/quality.hpp"
#include "pipeline/event/time_format.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

constexpr std::array<std::string_view, 19> asset_extensions{
    "css",  "js",   "mjs",   "map", "png", "jpg", "jpeg", "gif", "svg", "ico",
    "webp", "woff", "woff2", "ttf", "eot", "mp4", "webm", "txt", "xml",
};

bool equal_in_any_case(std::string_view text, std::string_view lower) {
  const auto equal = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; };
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), equal);
}

bool is_asset(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const auto is = [extension = name.substr(dot + 1)](std::string_view x) {
    return equal_in_any_case(extension, x);
  };
  return std::any_of(asset_extensions.begin(), asset_extensions.end(), is);
}

bool is_answered(std::string_view status) { return status.front() == '2' || status == "304"; }

std::string_view keep_hex(std::uint64_t x, arena& texts) {
  constexpr std::size_t digits = 16;
  char* to = texts.allocate(digits);
  for (std::size_t i = 0; i < digits; ++i) to[i] = "0123456789abcdef"[x >> (60 - 4 * i) & 15];
  return {to, digits};
}

// A log's texts are bytes, an event's are UTF-8.
std::string_view keep_utf8(std::string_view text, arena& texts) {
  return is_utf8(text) ? texts.keep(text) : texts.keep(to_utf8(text));
}

// The parts with a bar between each two.
std::uint64_t hash_of_joined(std::initializer_list<std::string_view> parts) {
  thread_local std::string joined;
  joined.clear();
  for (const auto part : parts) joined.append(part).append("|");
  return hash64(std::string_view(joined).substr(0, joined.size() - 1));
}

// The target of the line when it is a page view.
std::optional<std::string_view> viewed_target(const log_line& parts) {
  const auto target = target_of_get(parts.request);
  if (!target || !is_answered(parts.status) || !target->starts_with('/')) return std::nullopt;
  if (is_asset(path_of_target(*target))) return std::nullopt;
  return target;
}

std::string_view or_nothing(std::optional<std::string_view> text) {
  return !text || *text == "-" ? std::string_view() : *text;
}

// A message says nothing of what came: in a line of another form no one can tell what is personal.
access_log_decoder::result refuse(fault& f, std::string_view field, std::string_view expected,
                                  std::string_view got) {
  f = {reason::malformed_log, field, fault_message(field, expected, got)};
  return access_log_decoder::result::bad;
}

}  // namespace

access_log_decoder::access_log_decoder(const rules& r, std::string site_url, std::string site)
    : rules_(r), site_url_(std::move(site_url)), site_(std::move(site)) {}

access_log_decoder::result access_log_decoder::decode(std::string_view line, std::string_view file,
                                                      std::int64_t line_number, std::int64_t, arena& texts,
                                                      event& e, fault& f) const {
  e = {};
  const auto parts = parse_log_line(line);
  if (!parts)
    return refuse(f, {}, "a line of an access log in the combined or common format",
                  "a line of another form");
  if (!parse_log_time(parts->time, e.time))
    return refuse(f, "timestamp", "a time like 18/Feb/2024:10:30:00 +0000", "no such time");
  const auto target = viewed_target(*parts);
  if (!target) return result::skipped;
  fill(*parts, *target, texts, e);
  e[text::event_id] = keep_hex(hash_of_joined({file, std::to_string(line_number), line}), texts);
  return result::valid;
}

void access_log_decoder::fill(const log_line& parts, std::string_view target, arena& texts, event& e) const {
  const auto agent = or_nothing(parts.agent);
  e.type = event_type::page_view;
  e[text::session_id] = e[text::visitor_id] = keep_hex(hash_of_joined({parts.address, agent}), texts);
  e[text::site_id] = texts.keep(site_);
  const auto kept = keep_utf8(target, texts);
  if (!site_url_.empty()) e[text::page_url] = texts.keep(site_url_ + std::string(kept));
  e[text::page_path] = e[text::page_id] = path_of_target(kept);
  e[text::referrer] = keep_utf8(or_nothing(parts.referrer), texts);
  e[text::user_agent] = keep_utf8(agent, texts);
  e.empty_agent = parts.agent && agent.empty();
  e[text::ip_address] = keep_utf8(parts.address, texts);
  e.quality = quality_score(e);
}

bool looks_like_access_log(std::string_view line) { return parse_log_line(line).has_value(); }

}  // namespace weir
