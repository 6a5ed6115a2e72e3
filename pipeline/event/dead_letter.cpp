#include "pipeline/event/dead_letter.hpp"

#include <array>

#include "pipeline/base/base64.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/event/utf8.hpp"

#ifndef WEIR_VERSION  // the build's
#define WEIR_VERSION "unknown"
#endif

namespace weir {

namespace {

constexpr std::size_t longest_text = 512 * 1024;  // escaped

std::string_view cut(std::string_view payload, bool text) {
  return text ? utf8_prefix(payload, dead_letter_max_payload) : payload.substr(0, dead_letter_max_payload);
}

// Control characters grow sixfold in JSON: a payload full of them would not fit, and goes as base64.
bool fits_as_text(std::string_view payload) {
  std::size_t size = payload.size();
  for (const char c : payload) size += static_cast<unsigned char>(c) < 0x20 ? 5 : c == '"' || c == '\\';
  return size <= longest_text;
}

void write_payload(std::string_view payload, json_writer& json, std::string& out) {
  const bool utf8 = is_utf8(payload);
  const auto kept = cut(payload, utf8);
  if (utf8 && fits_as_text(kept)) {
    json.field("payload", kept);
  } else {
    json.name("payload").raw("\"");
    append_base64(out, kept);
    out += '"';
    json.field("payload_encoding", "base64");
  }
  if (kept.size() < payload.size()) json.field("payload_truncated", true);
}

std::string key_of(const record_source& from) {
  std::string key(from.topic);
  key.append("|").append(std::to_string(from.partition)).append("|").append(std::to_string(from.offset));
  if (!from.key.empty()) key.append("|").append(from.key);
  return key;
}

void write_source(const record_source& from, json_writer& json) {
  json.name("source").begin_object();
  json.field("topic", from.topic).field("partition", std::int64_t{from.partition});
  json.field("offset", from.offset).field("timestamp", from.timestamp).end_object();
}

}  // namespace

std::string_view to_string(reason why) {
  static constexpr std::array<std::string_view, static_cast<std::size_t>(reason::count_)> names{
      "malformed_json",     "malformed_avro",    "malformed_log",       "unknown_schema",    "oversize",
      "too_deep",           "not_an_object",     "missing_field",       "wrong_type",        "out_of_range",
      "unknown_event_type", "invalid_timestamp", "timestamp_in_future", "timestamp_too_old", "invalid_url",
      "internal_error",
  };
  return names[static_cast<std::size_t>(why)];
}

void write_dead_letter(const fault& what, const record_source& from, std::optional<std::string_view> payload,
                       outbox& out) {
  out.begin(output::dlq, -1, key_of(from));
  json_writer json(out.value());
  json.begin_object().field("reason", to_string(what.why)).name("field");
  what.field.empty() ? json.null() : json.value(what.field);
  json.field("message", to_utf8(what.message));
  write_source(from, json);
  if (payload)
    write_payload(*payload, json, out.value());
  else
    json.field("payload_withheld", true);
  json.field("weir_version", WEIR_VERSION).end_object();
  out.end();
}

}  // namespace weir
