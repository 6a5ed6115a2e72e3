#include "tools/kafka/dead_letter_view.hpp"

#include <fmt/format.h>

#include <charconv>

#include "pipeline/base/base64.hpp"
#include "pipeline/base/codec.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/kpi/partial.hpp"
#include "pipeline/log/record.hpp"

namespace weir {

namespace {

template <class Integer>
bool read(const json_fields& json, std::string_view path, Integer& to) {
  const auto text = json.at(path);
  return text && std::from_chars(text->data(), text->data() + text->size(), to).ec == std::errc{};
}

}  // namespace

std::optional<dead_letter_view> parse_dead_letter(std::string_view text, json_fields& json) {
  if (!json.parse(text)) return std::nullopt;
  dead_letter_view letter;
  const auto reason = json.at("reason");
  const auto topic = json.at("source.topic");
  if (!reason || !topic || !read(json, "source.partition", letter.partition) ||
      !read(json, "source.offset", letter.offset) || !read(json, "source.timestamp", letter.timestamp))
    return std::nullopt;
  letter.reason = *reason;
  letter.topic = *topic;
  if (const auto field = json.at("field"); field && field != "null") letter.field = *field;
  letter.message = json.at("message").value_or("");
  letter.payload = json.at("payload").value_or("");
  letter.text = json.at("payload_encoding") != "base64";
  letter.truncated = json.at("payload_truncated") == "true";
  letter.withheld = json.at("payload_withheld") == "true";
  if (std::int64_t to = 0; read(json, "replayed.offset", to)) letter.replayed_to = to;
  try {
    if (!letter.text) letter.payload = decode_base64(letter.payload);
  } catch (const decode_error&) {
    return std::nullopt;
  }
  return letter;
}

std::string replayed_mark(const dead_letter_view& letter, std::int64_t at, std::int64_t offset) {
  std::string text;
  json_writer out(text);
  out.begin_object().field("reason", letter.reason).name("field");
  letter.field.empty() ? out.null() : out.value(letter.field);
  out.field("message", letter.message).name("source").begin_object();
  out.field("topic", letter.topic).field("partition", std::int64_t{letter.partition});
  out.field("offset", letter.offset).field("timestamp", letter.timestamp).end_object();
  out.name("replayed").begin_object().field("at", at).field("offset", offset).end_object().end_object();
  return text;
}

std::optional<std::string> original_key(const dead_letter_view& letter, json_fields& json) {
  if (letter.topic != to_string(output::partials)) {
    const auto id = json.parse(letter.payload) ? json.at("session_id") : std::nullopt;
    return id == "null" ? std::nullopt : id;
  }
  try {
    const auto record = decode_partial(letter.payload);
    return fmt::format("{}|{}|{}", record.site, definition(record.fam).name, record.shard);
  } catch (const decode_error&) {
    return std::nullopt;
  }
}

}  // namespace weir
