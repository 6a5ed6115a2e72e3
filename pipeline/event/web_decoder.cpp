#include "pipeline/event/web_decoder.hpp"

#include <algorithm>
#include <string>

#include "pipeline/event/fault_message.hpp"
#include "pipeline/event/page_url.hpp"
#include "pipeline/event/quality.hpp"
#include "pipeline/event/time_format.hpp"
#include "pipeline/event/web_record.hpp"
#include "pipeline/event/web_value.hpp"

namespace weir {

namespace {

bool needs_page_url(event_type type) {
  return type != event_type::session_start && type != event_type::session_end &&
         type != event_type::custom_event;
}

// The field without which an event of the type makes no sense.
web_field required_by(event_type type) {
  switch (type) {
    case event_type::scroll:
      return web_field::scroll_depth;
    case event_type::form_submit:
      return web_field::form_success;
    case event_type::video_play:
      return web_field::video_id;
    case event_type::custom_event:
      return web_field::event_name;
    default:
      return web_field::count_;
  }
}

constexpr web_field after(web_field field) {
  return static_cast<web_field>(static_cast<unsigned>(field) + 1);
}

// JSON without its line breaks, which stand between its tokens only, so that a record of it stays one line.
std::string_view keep_on_one_line(std::string_view json, arena& texts) {
  constexpr auto none = std::string_view::npos;
  if (json.find('\n') == none && json.find('\r') == none) return texts.keep(json);
  const auto is_break = [](char c) { return c == '\n' || c == '\r'; };
  char* to = texts.allocate(json.size());
  return {to, std::remove_copy_if(json.begin(), json.end(), to, is_break)};
}

// Makes one event of one record. Each method returns false when it found a fault and has filled `f_`.
class event_maker {
 public:
  event_maker(const rules& r, const web_record& record, id_privacy* ids, arena& texts, event& e, fault& f)
      : rules_(r), record_(record), ids_(ids), texts_(texts), e_(e), f_(f) {}

  bool make(std::int64_t record_time, bool accept_unknown_types) {
    return require(web_field::event_id) && take(web_field::event_id) && take_type(accept_unknown_types) &&
           take_time(record_time) && take_ids() && take_page() && take_own_fields() && complete();
  }

 private:
  bool has(web_field field) const { return record_.present().has(field); }

  [[gnu::cold]] bool refuse(web_field field, reason why, std::string_view expected, std::string_view got) {
    const auto name = rule_of(field).name;
    f_ = {why, name, fault_message(name, expected, got)};
    return false;
  }
  [[gnu::cold]] bool refuse(web_field field, reason why) {
    const auto& rule = rule_of(field);
    return refuse(field, why, expectation(rule.form), got(record_, field, why));
  }

  bool require(web_field field) {
    return has(field) || refuse(field, reason::missing_field, expectation(rule_of(field).form), "nothing");
  }

  bool take(web_field field) {
    const auto& value = record_[field];
    const auto& rule = rule_of(field);
    if (!is_plain(value, rule.form)) return take_checked(field, rule, value);
    e_[static_cast<text>(rule.slot)] = texts_.keep(value.text);
    return true;
  }

  // True for a text that is right without a closer look, as most are.
  static bool is_plain(const json_value& value, form form) {
    constexpr std::size_t short_id = 128;  // bytes, so no more code points
    return value.what == json_value::kind::string &&
           (form == form::text || (form == form::id && value.text.size() <= short_id));
  }

  [[gnu::noinline]] bool take_checked(web_field field, const web_field_rule& rule, const json_value& value) {
    if (const auto why = judge(value, rule.form)) return refuse(field, *why);
    switch (rule.where) {
      case web_field_rule::target::text:
        take_text(rule, value);
        break;
      case web_field_rule::target::number:
        e_.set(static_cast<number>(rule.slot), value.number);
        break;
      case web_field_rule::target::flag:
        take_flag(field, value.truth);
        break;
      case web_field_rule::target::own:
        break;
    }
    return true;
  }

  void take_text(const web_field_rule& rule, const json_value& value) {
    const auto slot = static_cast<text>(rule.slot);
    const bool is_json = slot >= first_json_field;
    e_[slot] = is_json ? keep_on_one_line(record_.json(value), texts_) : texts_.keep(value.text);
  }

  void take_flag(web_field field, bool truth) {
    (field == web_field::autoplay ? e_.autoplay : e_.form_success) = truth ? flag::yes : flag::no;
  }

  // Takes those of the fields [first, last) that are there.
  bool take_all(web_field first, web_field last) {
    for (auto field = record_.present().next(first); field < last;
         field = record_.present().next(after(field)))
      if (!take(field)) return false;
    return true;
  }

  bool take_type(bool accept_unknown) {
    if (!require(web_field::event_type) || !take(web_field::event_type)) return false;
    const auto name = record_[web_field::event_type].text;
    if (const auto type = event_type_of(name)) return e_.type = *type, true;
    if (!accept_unknown) return refuse(web_field::event_type, reason::unknown_event_type);
    e_.type = event_type::custom_event;
    type_as_name_ = name;
    return true;
  }

  bool take_time(std::int64_t record_time) {
    constexpr auto field = web_field::timestamp;
    if (!require(field) || !take(field)) return false;
    const auto& value = record_[field];
    const bool is_time = value.what == json_value::kind::string ? parse_rfc3339(value.text, e_.time)
                                                                : parse_integer_time(value, e_.time);
    if (!is_time) return refuse(field, reason::invalid_timestamp);
    const auto& limits = rules_.validation;
    if (e_.time > record_time + limits.max_future)
      return refuse_time(reason::timestamp_in_future, limits.max_future, "after", record_time);
    if (e_.time < record_time - limits.max_age)
      return refuse_time(reason::timestamp_too_old, limits.max_age, "before", record_time);
    return true;
  }

  bool refuse_time(reason why, millis limit, std::string_view side, std::int64_t record_time) {
    const auto expected = "at most " + std::to_string(limit) + " ms " + std::string(side) +
                          " the record's time " + std::to_string(record_time);
    return refuse(web_field::timestamp, why, expected, std::to_string(e_.time));
  }

  bool take_ids() {
    if (!take_all(web_field::session_id, web_field::site_id)) return false;
    if (ids_) hash_ids();
    if (has(web_field::session_id)) return true;
    const auto visitor = e_[text::visitor_id].empty() ? e_[text::user_id] : e_[text::visitor_id];
    if (visitor.empty())
      return refuse(web_field::session_id, reason::missing_field, "a session_id, user_id or visitor_id",
                    "nothing");
    derive_session(visitor);
    return true;
  }

  void hash_ids() {
    for (const auto id : {text::user_id, text::visitor_id}) e_[id] = ids_->hashed(e_[id], texts_);
  }

  void derive_session(std::string_view visitor) {
    char* id = texts_.allocate(visitor.size() + 1);
    id[0] = '~';
    std::copy(visitor.begin(), visitor.end(), id + 1);
    e_[text::session_id] = {id, visitor.size() + 1};
    e_.session_derived = true;
  }

  bool take_page() {
    e_[text::site_id] = "default";
    if (!take_all(web_field::site_id, web_field::page_url)) return false;
    if (needs_page_url(e_.type) && !require(web_field::page_url)) return false;
    return take_all(web_field::page_url, web_field::page_load_time_ms);
  }

  bool take_own_fields() {
    const auto [first, last] = fields_of(e_.type);
    const auto required = required_by(e_.type);
    if (required == web_field::count_) return take_all(first, last);
    if (!take_all(first, required)) return false;
    const bool named_by_type = !type_as_name_.empty();
    if (!named_by_type && !require(required)) return false;
    if (!take_all(required, last)) return false;
    return e_.type != event_type::custom_event || name_event();
  }

  bool name_event() {
    if (!type_as_name_.empty()) e_[text::event_name] = texts_.keep(type_as_name_);
    e_[text::event_name] = event_name_of(e_[text::event_name]);
    const bool form = e_[text::event_name] == "form_start" && has(web_field::form_id);
    return !form || take(web_field::form_id);
  }

  bool complete() {
    auto& path = e_[text::page_path];
    if (path.empty() && !e_[text::page_url].empty()) path = path_of_url(e_[text::page_url]);
    if (e_[text::page_id].empty()) e_[text::page_id] = path;
    e_.empty_agent = record_.empty_agent();
    e_.quality = quality_score(e_);
    return true;
  }

  const rules& rules_;
  const web_record& record_;
  id_privacy* ids_;  // null: ids are kept as they are
  arena& texts_;
  event& e_;
  fault& f_;
  std::string_view type_as_name_;  // an unknown type that is accepted
};

}  // namespace

web_decoder::web_decoder(const rules& r, const source_rules& source, id_privacy* ids)
    : rules_(r),
      accept_unknown_types_(source.accept_unknown_types),
      ids_(ids),
      record_(std::make_unique<web_record>(r.validation)) {}

web_decoder::web_decoder(web_decoder&&) noexcept = default;
web_decoder::~web_decoder() = default;

bool web_decoder::decode(std::string_view payload, std::int64_t record_time, arena& texts, event& e,
                         fault& f) {
  e = {};
  if (!record_->read(payload, f)) return false;
  return event_maker(rules_, *record_, ids_, texts, e, f).make(record_time, accept_unknown_types_);
}

}  // namespace weir
