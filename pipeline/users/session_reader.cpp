#include "pipeline/users/session_reader.hpp"

#include <simdjson.h>

#include <string>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/hash.hpp"
#include "pipeline/base/micros.hpp"

namespace weir {

namespace {

using simdjson::ondemand::array;
using simdjson::ondemand::object;
using simdjson::ondemand::value;

std::uint32_t small(value v) { return static_cast<std::uint32_t>(v.get_uint64().value()); }

std::int64_t money(value v) {
  auto text = v.raw_json_token();
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  const auto amount = parse_micros(text);
  if (!amount) throw decode_error("a session's revenue is no amount");
  return *amount;
}

bool any(array items) { return !items.is_empty().value(); }

std::uint32_t read_steps(array steps) {
  std::uint32_t bits = 0;
  for (auto step : steps) {
    const auto number = step.get_uint64().value();
    if (number == 0 || number > funnel_steps_kept) throw decode_error("a session's hit has no such step");
    bits |= 1U << (number - 1);
  }
  return bits;
}

void read_hits(array hits, std::vector<user_hit>& out) {
  for (auto one : hits) {
    object hit = one.get_object();
    user_hit h;
    h.funnel = hash64(std::string_view(hit["funnel"]));
    h.steps = read_steps(hit["steps"]);
    h.at.time = hit["at"];
    h.at.offset = hit["offset"];
    out.push_back(h);
  }
}

/// One field; fields that do not concern users are passed over.
void read_field(std::string_view name, value v, session_news& news) {
  auto& s = news.session;
  switch (name.size()) {
    case 6:
      if (name == "is_bot" && v.get_bool().value()) news.withdrawn = true;  // bots are no users
      return;
    case 7:
      if (name == "user_id")
        s.identified = !std::string_view(v).empty();
      else if (name == "revenue")
        s.revenue = money(v);
      return;
    case 8:
      if (name == "ended_at")
        s.ended_at = v.get_int64();
      else if (name == "revision")
        news.revision = small(v);
      return;
    case 9:
      if (name == "withdrawn") news.withdrawn |= v.get_bool().value();
      return;
    case 10:
      if (name == "started_at")
        s.started_at = v.get_int64();
      else if (name == "page_views")
        s.page_views = small(v);
      else if (name == "is_engaged")
        s.engaged = v.get_bool();
      return;
    case 11:
      if (name == "session_key")
        s.id.key.assign(std::string_view(v));
      else if (name == "conversions")
        s.converted = any(v.get_array());
      return;
    case 16:
      if (name == "user_funnel_hits")
        read_hits(v.get_array(), news.hits);
      else if (name == "source_partition")
        s.id.partition = static_cast<std::int32_t>(v.get_int64().value());
      return;
    case 18:
      if (name == "longest_on_page_ms") s.lingered = v.get_int64().value() >= lingering;
      return;
    default:
      return;
  }
}

}  // namespace

struct session_reader::parser {
  simdjson::ondemand::parser json;
  std::string padded;
};

session_reader::session_reader() : parser_(std::make_unique<parser>()) {}
session_reader::~session_reader() = default;

void session_reader::read(std::string_view json, session_news& news) try {
  news.session = {};
  news.hits.clear();
  news.revision = 0;
  news.withdrawn = false;
  auto& padded = parser_->padded;
  padded.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  padded.assign(json);
  auto document = parser_->json.iterate(padded.data(), json.size(), padded.capacity());
  for (auto field : document.get_object()) {
    const std::string_view name = field.unescaped_key();
    read_field(name, field.value(), news);
  }
  if (news.session.id.key.empty()) throw decode_error("a session without session_key");
} catch (const simdjson::simdjson_error& e) {
  throw decode_error(std::string("not a record of a session: ") + e.what());
}

}  // namespace weir
