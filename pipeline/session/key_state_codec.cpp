// A session key's state in bytes: a version (1), the count of sessions, the sessions as session_codec.cpp
// writes them, and the ids as seen_ids.hpp says. A key of user "u" that viewed /a at 2024-01-01T12:00:00Z
// (offset 100) and /b a minute later (offset 101), 114 bytes:
//
//   01                            version
//   01                            one session
//   80 88 a9 ce 98 63             first: 1704110400000
//   c0 a9 07                      last: 60000 later
//   00                            opened_at: first
//   08                            flags: evidence
//   00                            revision: not published yet
//   02 02 00 x 10                 two events, two page views, none of the rest
//   c8 01                         quality_sum: 200 hundredths
//   00 00 00                      no goal, no revenue, no scroll
//   01  00 c8 01  01 "u"          scalars: user_id, of the event at (first, 100)
//   02  00 00                     evidence: first_view, at the same moment
//   08 "(direct)" 06 "direct" 06 "(none)" 00
//   02  02 "/a" c8 01 01 00       two paths: the first named at offset 100, one view, no scroll
//       02 "/b" 02 01 00          the second one offset later
//   02  00 00 01                  two pages: the first at the last moment above, of path 1
//       c0 a9 07 02 02            the second 60000 and one offset later, of path 2; it is the exit
//   00                            no hits
//   02  80 88 a9 ce 98 63 + 8     two ids, each a time and 8 bytes of hash
//       c0 a9 07 + 8
#include "pipeline/base/codec.hpp"
#include "pipeline/session/key_state.hpp"
#include "pipeline/session/session_codec.hpp"

namespace weir {

namespace {

constexpr std::uint8_t version = 1;

}  // namespace

void encode(const key_state& key, std::string& out) {
  byte_writer to(out);
  to.byte(version);
  to.varint(key.sessions.size());
  for (const auto& s : key.sessions) encode(s, to);
  key.ids.encode(to);
}

key_state decode_key_state(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.byte() != version) throw decode_error("unknown version of a session key's state");
  key_state key;
  const auto n = in.count(smallest_session);
  key.sessions.reserve(n + 1);  // an event may open another
  for (std::size_t i = 0; i < n; ++i) key.sessions.push_back(decode_session(in));
  key.ids = seen_ids::decode(in);
  in.finish();
  return key;
}

}  // namespace weir
