#include "pipeline/event/web_record.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "pipeline/event/fault_message.hpp"
#include "pipeline/event/json_scan.hpp"
#include "pipeline/event/utf8.hpp"

namespace weir {

namespace {

namespace dom = simdjson::dom;

constexpr std::size_t first_capacity = 64 * 1024;

// Fills all but where it stands.
void read_value(const dom::element& from, dom::element_type type, json_value& v) {
  using kind = json_value::kind;
  switch (type) {
    case dom::element_type::STRING:
      v.what = kind::string, v.text = from.get_string().value_unsafe();
      break;
    case dom::element_type::INT64:
      v.what = kind::integer, v.number = static_cast<double>(from.get_int64().value_unsafe());
      break;
    case dom::element_type::UINT64:
      v.what = kind::integer, v.number = static_cast<double>(from.get_uint64().value_unsafe());
      break;
    case dom::element_type::DOUBLE:
      v.what = kind::real, v.number = from.get_double().value_unsafe();
      break;
    case dom::element_type::BOOL:
      v.what = kind::boolean, v.truth = from.get_bool().value_unsafe();
      break;
    case dom::element_type::OBJECT:
      v.what = kind::object;
      break;
    case dom::element_type::ARRAY:
      v.what = kind::array;
      break;
    case dom::element_type::NULL_VALUE:
      v.what = kind::null;
      break;
  }
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool refuse(fault& f, reason why, std::string_view expected, std::string_view got) {
  f = {why, {}, fault_message({}, expected, got)};
  return false;
}

}  // namespace

// simdjson's parser and document. Its depth is set so that what it accepts is within `max_depth` without
// another look: it refuses an object or array with something in it at that level, and lets an empty one pass
// there. What it refuses for its depth alone a second document with one level more reads.
struct web_record::parser {
  explicit parser(std::size_t depth) : depth(depth) { reserve(first_capacity); }

  // Grows by doubling: simdjson's own growth would fit each record exactly.
  void reserve(std::size_t size) {
    if (size <= capacity) return;
    capacity = std::bit_ceil(size);
    buffer = std::make_unique_for_overwrite<char[]>(capacity + simdjson::SIMDJSON_PADDING);
    if (json.allocate(capacity, depth) || document.allocate(capacity)) throw std::bad_alloc();
  }

  simdjson::error_code parse(std::string_view payload, dom::element& root) {
    reserve(payload.size());
    std::memcpy(buffer.get(), payload.data(), payload.size());
    return json.parse_into_document(document, buffer.get(), payload.size(), false).get(root);
  }

  // The bytes at which brackets, colons, commas and values begin: what simdjson's first stage found.
  std::uint32_t structural(std::size_t i) const { return json.implementation->structural_indexes[i]; }

  // The structural after the value that begins at structural `i`.
  std::uint32_t after(dom::element_type type, std::uint32_t i) const {
    if (type != dom::element_type::OBJECT && type != dom::element_type::ARRAY) return i + 1;
    std::size_t open = 0;
    do {
      const auto c = buffer[structural(i++)];
      if (c == '{' || c == '[') ++open;
      if (c == '}' || c == ']') --open;
    } while (open > 0);
    return i;
  }

  std::size_t depth;
  std::size_t capacity = 0;
  std::unique_ptr<char[]> buffer;
  dom::parser json;
  dom::document document;
};

std::string_view kind_name(json_value::kind what) {
  static constexpr std::array<std::string_view, 7> names{"null",     "a boolean", "an integer", "a number",
                                                         "a string", "an array",  "an object"};
  return names[static_cast<std::size_t>(what)];
}

fault oversize_fault(std::size_t most, std::size_t size) {
  const auto limit = std::to_string(most) + " bytes";
  const auto came = size == 0 ? "more than " + limit : std::to_string(size) + " bytes";
  fault f;
  refuse(f, reason::oversize, "a record of at most " + limit, came);
  return f;
}

web_record::web_record(const validation_rules& rules)
    : rules_(rules), parser_(std::make_unique<parser>(rules.max_depth)) {
  followed_by_.fill(web_field::count_);
}

web_record::~web_record() = default;

bool web_record::read(std::string_view payload, fault& f) {
  payload_ = payload;
  if (payload.size() > rules_.max_bytes) {
    // One byte more may be all that was kept of a longer line.
    const bool cut = payload.size() == rules_.max_bytes + 1;
    f = oversize_fault(rules_.max_bytes, cut ? 0 : payload.size());
    return false;
  }
  dom::element root;
  auto* used = parser_.get();
  if (used->parse(payload, root)) {
    if (!is_sound(f)) return false;
    if (!deep_parser_) deep_parser_ = std::make_unique<parser>(rules_.max_depth + 1);
    used = deep_parser_.get();
    if (const auto error = used->parse(payload, root))
      return refuse(f, reason::malformed_json, "JSON", simdjson::error_message(error));
  }
  dom::object object;
  if (root.get(object)) {
    json_value value;
    read_value(root, root.type(), value);
    return refuse(f, reason::not_an_object, "a JSON object", kind_name(value.what));
  }
  used_ = used;
  find_fields(object);
  return true;
}

// Reads what the parser refused in the order of its bytes. Returns true when nothing but a level that the
// parser counts otherwise was in its way.
bool web_record::is_sound(fault& f) const {
  const auto scan = scan_json(payload_, rules_.max_depth);
  if (scan.what == json_scan::verdict::valid) return true;
  const auto place = " at byte " + std::to_string(scan.at);
  if (scan.what == json_scan::verdict::too_deep) {
    const auto limit = "at most " + std::to_string(rules_.max_depth) + " levels of objects and arrays";
    return refuse(f, reason::too_deep, limit, "one more" + place);
  }
  // One character: of more no one can tell what is personal.
  const auto length = std::max<std::size_t>(1, utf8_length(payload_, scan.at));
  const auto character = payload_.substr(scan.at, length);
  return refuse(f, reason::malformed_json, std::string(scan.expected) + place,
                character.empty() ? "the end" : quoted(character));
}

void web_record::find_fields(const dom::object& object) {
  seen_.clear();
  present_.clear();
  empty_agent_ = false;
  std::uint32_t name_at =
      1;  // structural at which the member's name begins; then a colon, the value, a comma
  auto field = web_field::count_;
  for (const auto member : object) {
    const auto type = member.value.type();
    const auto end = used_->after(type, name_at + 2);
    field = field_of(field, member.key);
    if (field != web_field::count_ && !seen_.has(field)) {
      auto& value = values_[static_cast<std::size_t>(field)];
      read_value(member.value, type, value);
      value.begin = name_at + 2;
      value.end = end;
      note(field, value);
    }
    name_at = end + 1;
  }
}

web_field web_record::field_of(web_field before, std::string_view name) {
  auto& guess = followed_by_[static_cast<std::size_t>(before)];
  if (is_named(guess, name)) return guess;
  const auto field = web_field_of(name);
  if (field != web_field::count_) guess = field;
  return field;
}

std::string_view web_record::json(const json_value& value) const {
  const auto begin = used_->structural(value.begin);
  auto end = used_->structural(value.end);
  while (is_space(payload_[end - 1])) --end;
  return payload_.substr(begin, end - begin);
}

void web_record::note(web_field field, const json_value& value) {
  seen_.add(field);
  const bool empty = value.what == json_value::kind::string && value.text.empty();
  if (empty && field == web_field::user_agent) empty_agent_ = true;
  if (!empty && value.what != json_value::kind::null) present_.add(field);
}

}  // namespace weir
