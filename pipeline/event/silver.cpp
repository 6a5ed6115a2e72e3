#include "pipeline/event/silver.hpp"

#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "pipeline/event/json_pen.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

template <class Field, std::size_t... I>
std::array<json_label, sizeof...(I)> labels_of(std::index_sequence<I...>) {
  return {json_label(to_string(static_cast<Field>(I)))...};
}

const auto text_labels = labels_of<text>(std::make_index_sequence<text_fields>());
const auto number_labels = labels_of<number>(std::make_index_sequence<number_fields>());

namespace label {
constexpr json_label timestamp("timestamp");
constexpr json_label form_success("form_success");
constexpr json_label autoplay("autoplay");
constexpr json_label received_at("received_at");
constexpr json_label session_key("session_key");
constexpr json_label quality_score("quality_score");
constexpr json_label geo_source("geo_source");
constexpr json_label pii_masked("pii_masked");
constexpr json_label is_bot("is_bot");
constexpr json_label bot_reasons("bot_reasons");
constexpr json_label late("late");
constexpr json_label truncated("truncated");
constexpr json_label source("source");
constexpr json_label reason("reason");
constexpr json_label partition("partition");
constexpr json_label offset("offset");
}  // namespace label

// How much of an event is written.
struct extent {
  std::size_t fields = text_fields;  // texts from here on are left out
  std::size_t longest_text = std::numeric_limits<std::size_t>::max();
  bool truncated() const { return fields < text_fields; }
};

using event_texts = decltype(event::texts);

event_texts masked_texts(const event& e) {
  auto texts = e.texts;
  for (const auto& m : e.masked) texts[static_cast<std::size_t>(m.field)] = m.written;
  return texts;
}

void write_texts(const event& e, const event_texts& texts, extent how, json_pen& pen) {
  constexpr auto first_json = static_cast<std::size_t>(first_json_field);
  for (std::size_t i = 0; i < first_json; ++i)
    if (const auto value = texts[i]; !value.empty())
      pen.text(text_labels[i], utf8_prefix(value, how.longest_text));
  if (e.empty_agent) pen.raw(text_labels[static_cast<std::size_t>(text::user_agent)], "\"\"");
  for (std::size_t i = first_json; i < how.fields; ++i)
    if (const auto value = texts[i]; !value.empty()) pen.raw(text_labels[i], value);
}

void write_numbers(const event& e, json_pen& pen) {
  for (auto left = e.present; left; left &= left - 1) {
    const auto i = static_cast<std::size_t>(std::countr_zero(left));
    pen.real(number_labels[i], e.numbers[i]);
  }
  if (e.form_success != flag::absent) pen.boolean(label::form_success, e.form_success == flag::yes);
  if (e.autoplay != flag::absent) pen.boolean(label::autoplay, e.autoplay == flag::yes);
}

void write_context(const event& e, const silver_context& context, json_pen& pen) {
  pen.integer(label::received_at, context.received_at);
  if (!context.session_key.empty()) pen.text(label::session_key, context.session_key);
  pen.real(label::quality_score, e.quality);
  if (e.place != place_source::none)
    pen.raw(label::geo_source, e.place == place_source::database ? "\"database\"" : "\"client\"");
  pen.integer(label::pii_masked, e.personal);
  if (const auto& j = context.judgement) {
    pen.boolean(label::is_bot, j->is_bot);
    if (j->reasons != 0) pen.raw(label::bot_reasons, json_of(j->reasons));
  }
  const bool boolean = context.late == "true" || context.late == "false";
  boolean ? pen.raw(label::late, context.late) : pen.text(label::late, context.late);
}

void write_too_late(const record_source& from, json_pen& pen) {
  pen.raw(label::reason, "\"too_late\"");
  pen.raw(label::source, "{\"topic\":");
  pen.string(from.topic);
  pen.integer(label::partition, from.partition);
  pen.integer(label::offset, from.offset);
  pen.integer(label::timestamp, from.timestamp);
  pen.raw("}");
}

void write(const event& e, const silver_context& context, extent how, std::string& out,
           const record_source* from) {
  json_pen pen(out);
  pen.raw("{\"event_type\":");
  pen.string(to_string(e.type));
  pen.integer(label::timestamp, e.time);
  if (e.masked.empty())
    write_texts(e, e.texts, how, pen);
  else
    write_texts(e, masked_texts(e), how, pen);
  write_numbers(e, pen);
  write_context(e, context, pen);
  if (how.truncated()) pen.boolean(label::truncated, true);
  if (from) write_too_late(*from, pen);
  pen.raw("}");
  pen.flush();
}

}  // namespace

void write_silver(const event& e, const silver_context& context, std::uint64_t max_bytes, std::string& out,
                  const record_source* too_late_from) {
  // Every text cut to this, each byte escaped to six: with all fields there is still room for the rest.
  const auto short_text = max_bytes / (12 * text_fields);
  constexpr auto first_json = static_cast<std::size_t>(first_json_field);
  const auto begin = out.size();
  for (const auto how : {extent{}, extent{first_json}, extent{first_json, short_text}}) {
    out.resize(begin);
    write(e, context, how, out, too_late_from);
    if (out.size() - begin <= max_bytes) return;
  }
}

}  // namespace weir
