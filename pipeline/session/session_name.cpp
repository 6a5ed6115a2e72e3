#include "pipeline/session/session_name.hpp"

#include "pipeline/base/hash.hpp"

namespace weir {

namespace {

std::string topic_and_id(std::string_view mark, const session_name& name) {
  std::string result;
  result.reserve(mark.size() + name.topic.size() + 1 + name.session_id.size());
  return result.append(mark).append(name.topic).append(1, '|').append(name.session_id);
}

}  // namespace

std::string session_key(const session_name& name, const session& s) {
  const auto opened = std::to_string(s.opened_at);
  std::string key;
  key.reserve(name.topic.size() + name.site.size() + name.session_id.size() + opened.size() + 3);
  key.append(name.topic)
      .append(1, '|')
      .append(name.site)
      .append(1, '|')
      .append(name.session_id)
      .append(1, '|');
  return key.append(opened);
}

std::uint64_t visitor_hash(const session_name& name, const event& e) {
  const auto visitor = e[text::visitor_id].empty() ? e[text::user_id] : e[text::visitor_id];
  // The complement marks a session: no text of a visitor has it but by chance.
  return visitor.empty() ? ~hash64(topic_and_id({}, name)) : hash64(visitor);
}

std::string user_of(const session_name& name, const session& s) {
  for (const auto who : {scalar::user_id, scalar::visitor_id})
    if (const auto id = s.scalar_value(who); !id.empty()) return std::string(id);
  return topic_and_id("(session)", name);
}

}  // namespace weir
