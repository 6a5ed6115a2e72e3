// A session key's state in bytes: a version (3), the count of sessions, their outlines as session_codec.cpp
// writes them, the outline of the ids as seen_ids.hpp says; the sessions' bodies; the ids; the sessions'
// lists.
//
// It is cut into parts when it is larger than `whole`. The head is the outlines and the bodies, or, when they
// take more than `largest_head`, the outlines alone, and the bodies are a part. The ids are cut by their
// number in the order of arrival, lists by their place: session_codec.hpp says how parts are named.
//
// A key of user "u" that viewed /a at 2024-01-01T12:00:00Z (offset 100) and /b a minute later (offset 101),
// 115 bytes:
//
//   03                            version
//   01                            one session
//   80 88 a9 ce 98 63             first: 1704110400000
//   c0 a9 07                      last: 60000 later
//   00 00                         opened_at: first; no flags
//   02 00 02                      two ids, the oldest at first, the next is number 2
//   01 00                         body: evidence; revision: not published yet
//   02 02 00 x 10                 two events, two page views, none of the rest
//   01                            one event in the minute of the newest
//   c8 01 00                      quality_sum: 200 hundredths; no goal
//   02 02 00                      two paths, two pages, no hits
//   00 00                         no revenue, no scroll
//   01  00 c8 01  01 "u"          scalars: user_id, of the event at (first, 100)
//   02  00 00                     evidence: first_view, at the same moment
//   08 "(direct)" 06 "direct" 06 "(none)" 00
//   00 02  00 + 8  c0 a9 07 + 8   ids: part 0 has two, each a time and 8 bytes of hash
//   02 "/a" c8 01 01 00           paths: the first named at offset 100, one view, no scroll
//   02 "/b" 02 01 00              the second one offset later
//   00 00 01                      pages: the first at (first, 100), of path 1
//   c0 a9 07 02 02                the second 60000 and one offset later, of path 2; it is the exit
#include <algorithm>

#include "pipeline/base/codec.hpp"
#include "pipeline/session/key_state.hpp"
#include "pipeline/session/session_codec.hpp"

namespace weir {

namespace {

constexpr std::uint8_t version = 3;
constexpr std::size_t whole = 512;         // a value of so many bytes has no parts
constexpr std::size_t largest_head = 512;  // unless outlines alone take more

void choose_cuts(parted_value& out, std::size_t bodies_at, std::size_t bodies_end) {
  if (out.bytes.size() <= whole) return out.cuts.clear();
  if (bodies_end <= largest_head) return;
  out.cuts.insert(out.cuts.begin(), {part_name(bodies_list, 0), static_cast<std::uint32_t>(bodies_at)});
}

std::size_t read_count(byte_reader& in) {
  if (in.byte() != version) throw decode_error("unknown version of a session key's state");
  return in.count(4);  // no outline is shorter
}

}  // namespace

void encode(const key_state& key, parted_value& out) {
  const auto base = key.sessions.empty() ? 0 : key.sessions.front().first;
  byte_writer to(out.bytes);
  to.byte(version);
  to.varint(key.sessions.size());
  for (const auto& s : key.sessions) encode_outline(s, to);
  key.ids.encode_outline(base, to);
  const auto bodies_at = out.bytes.size();
  for (const auto& s : key.sessions) encode_body(s, to);
  const auto bodies_end = out.bytes.size();
  key.ids.encode_ids(base, out);
  for (std::size_t i = 0; i < key.sessions.size(); ++i) encode_lists(key.sessions[i], i, out);
  choose_cuts(out, bodies_at, bodies_end);
}

key_state decode_key_state(std::string_view bytes) {
  byte_reader in(bytes);
  key_state key;
  const auto n = read_count(in);
  key.sessions.reserve(std::min(n, in.left() / smallest_session));
  for (std::size_t i = 0; i < n; ++i)
    static_cast<session_times&>(key.sessions.emplace_back()) = decode_outline(in);
  const auto base = n == 0 ? 0 : key.sessions.front().first;
  const auto ids = seen_ids::decode_outline(base, in);
  absl::InlinedVector<std::uint64_t, 2> from_bodies;
  for (auto& s : key.sessions) from_bodies.push_back(decode_body(s, in));
  key.ids = seen_ids::decode_ids(ids, base, in);
  for (std::size_t i = 0; i < n; ++i) decode_lists(key.sessions[i], from_bodies[i], in);
  in.finish();
  return key;
}

key_outline decode_key_outline(std::string_view head) {
  byte_reader in(head);
  key_outline key;
  for (auto n = read_count(in); n > 0; --n) key.sessions.push_back(decode_outline(in));
  const auto ids = seen_ids::decode_outline(key.sessions.empty() ? 0 : key.sessions.front().first, in);
  if (ids.count > 0) key.oldest_id = ids.oldest;
  return key;
}

}  // namespace weir
