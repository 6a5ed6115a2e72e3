#include "tools/decode/record_json.hpp"

#include "pipeline/base/base64.hpp"
#include "pipeline/base/codec.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/event/utf8.hpp"
#include "pipeline/log/record.hpp"
#include "tools/decode/clock_json.hpp"
#include "tools/decode/partial_json.hpp"
#include "tools/decode/state_json.hpp"

namespace weir {

namespace {

constexpr std::string_view changelog_prefix = "weir.changelog.";

std::optional<stage> changelog_of(std::string_view topic) {
  if (!topic.starts_with(changelog_prefix)) return std::nullopt;
  return stage_of(topic.substr(changelog_prefix.size()));
}

std::string undecoded(std::string_view bytes, const char* why) {
  std::string text, base64;
  append_base64(base64, bytes);
  json_writer(text)
      .begin_object()
      .field("undecoded", base64)
      .field("error", std::string_view(why))
      .end_object();
  return text;
}

}  // namespace

std::string readable_value(std::string_view topic, std::string_view key,
                           std::optional<std::string_view> value) {
  try {
    if (const auto of = changelog_of(topic)) return state_entry_json(*of, key, value);
    if (!value) return "null";
    if (key.starts_with(clock_key_prefix)) return clock_json(key, *value);
    if (topic == to_string(output::partials)) return partial_json(*value);
    return is_utf8(*value) ? std::string(*value) : undecoded(*value, "it is not UTF-8");
  } catch (const decode_error& x) {
    return undecoded(value.value_or(""), x.what());
  }
}

std::string readable_key(std::string_view topic, std::string_view key) {
  try {
    if (const auto of = changelog_of(topic)) return state_key_text(*of, key);
  } catch (const decode_error&) {  // a key of another program
  }
  return std::string(key);
}

}  // namespace weir
