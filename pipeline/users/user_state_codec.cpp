// A user's state in bytes. Varints are LEB128, signed ones zig-zag, texts a length and bytes
// (pipeline/base/codec.hpp).
//
//   version     byte       1
//   settled     byte       1 if there is one; then
//     first_seen           signed          milliseconds
//     last_seen            signed          less first_seen
//     last_start           signed          less first_seen
//     sessions, page_views, conversions, active_days   varints
//     revenue              signed          10^-6
//     days                 2 varints       bit n: active on day n, counted from the first; bits 0 to 63, 64
//     to 90 identified           byte
//   sessions    varint, how many; each
//     key, partition       text, varint
//     started_at           signed          less that of the one before, the first less 0
//     ended_at             signed          less started_at
//     page_views           varint
//     revenue              signed
//     flags                byte            1 engaged, 2 converted, 4 identified, 8 lingered
//   funnels     varint, how many; each its id's hash, 8 bytes: those that the hits name
//   hits        varint, of how many sessions; each
//     key, partition       text, varint
//     hits                 varint, how many; each
//       funnel             varint          its place among the funnels
//       time, offset       signed          less those of the hit before, the first less 0
//       steps              varint
//
// A new visitor's one session "k" of a minute with two views, at 1970-01-01T00:00:01Z, and no hits:
//
//   01 00  01  01 6b 00  d0 0f  c0 a9 07  02  00  01  00 00
#include <algorithm>
#include <limits>

#include "pipeline/base/codec.hpp"
#include "pipeline/session/wrapping.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t smallest_session = 7, smallest_hits = 3, smallest_hit = 4;
constexpr std::uint8_t all_flags = 15;

void put(const user_life& life, byte_writer& out) {
  out.zigzag(life.first_seen);
  out.zigzag(wrapping_sub(life.last_seen, life.first_seen));
  out.zigzag(wrapping_sub(life.last_start, life.first_seen));
  out.varint(life.sessions);
  out.varint(life.page_views);
  out.varint(life.conversions);
  out.varint(life.active_days);
  out.zigzag(life.revenue);
  for (const auto bits : life.days.bits) out.varint(bits);
  out.boolean(life.identified);
}

/// A time that leaves room to add durations to it.
std::int64_t time_after(std::int64_t base, byte_reader& in) {
  const auto time = wrapping_add(base, in.zigzag());
  if (!plausible(time)) throw decode_error("a time out of range");
  return time;
}

template <class T>
T number(byte_reader& in) {
  const auto x = in.varint();
  if (x > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
    throw decode_error("a number is too large");
  return static_cast<T>(x);
}

user_life get_life(byte_reader& in) {
  user_life life;
  life.first_seen = time_after(0, in);
  life.last_seen = time_after(life.first_seen, in);
  life.last_start = time_after(life.first_seen, in);
  life.sessions = in.varint();
  life.page_views = in.varint();
  life.conversions = in.varint();
  life.active_days = number<std::uint32_t>(in);
  life.revenue = in.zigzag();
  for (auto& bits : life.days.bits) bits = in.varint();
  if (life.days.bits[1] >> (last_cohort_day - 63) != 0) throw decode_error("a day that no cohort has");
  life.identified = in.boolean();
  return life;
}

void put(const session_id& id, byte_writer& out) {
  out.text(id.key);
  out.varint(static_cast<std::uint32_t>(id.partition));
}

session_id get_id(byte_reader& in) {
  const auto key = in.text();
  return {std::string(key), number<std::int32_t>(in)};
}

void put(const user_session& s, std::int64_t base, byte_writer& out) {
  put(s.id, out);
  out.zigzag(wrapping_sub(s.started_at, base));
  out.zigzag(wrapping_sub(s.ended_at, s.started_at));
  out.varint(s.page_views);
  out.zigzag(s.revenue);
  out.byte(static_cast<std::uint8_t>(s.engaged | s.converted << 1 | s.identified << 2 | s.lingered << 3));
}

user_session get_session(std::int64_t base, byte_reader& in) {
  user_session s;
  s.id = get_id(in);
  s.started_at = time_after(base, in);
  s.ended_at = time_after(s.started_at, in);
  s.page_views = number<std::uint32_t>(in);
  s.revenue = in.zigzag();
  const auto flags = in.byte();
  if (flags > all_flags) throw decode_error("unknown flags of a session");
  s.engaged = flags & 1;
  s.converted = flags & 2;
  s.identified = flags & 4;
  s.lingered = flags & 8;
  return s;
}

using funnel_ids = std::vector<std::uint64_t>;

funnel_ids funnels_of(const user_state& user) {
  funnel_ids ids;
  for (const auto& of : user.hits)
    for (const auto& hit : of.hits)
      if (std::find(ids.begin(), ids.end(), hit.funnel) == ids.end()) ids.push_back(hit.funnel);
  return ids;
}

void put(const session_hits& of, const funnel_ids& ids, byte_writer& out) {
  put(of.id, out);
  out.varint(of.hits.size());
  moment last;
  for (const auto& hit : of.hits) {
    out.varint(static_cast<std::uint64_t>(std::find(ids.begin(), ids.end(), hit.funnel) - ids.begin()));
    out.zigzag(wrapping_sub(hit.at.time, last.time));
    out.zigzag(wrapping_sub(hit.at.offset, last.offset));
    out.varint(hit.steps);
    last = hit.at;
  }
}

session_hits get_hits(const funnel_ids& ids, byte_reader& in) {
  session_hits of;
  of.id = get_id(in);
  moment last;
  for (auto n = in.count(smallest_hit); n > 0; --n) {
    const auto place = in.varint();
    if (place >= ids.size()) throw decode_error("a hit of no funnel");
    last = {time_after(last.time, in), wrapping_add(last.offset, in.zigzag())};
    of.hits.push_back({ids[place], last, number<std::uint32_t>(in)});
  }
  return of;
}

}  // namespace

void encode(const user_state& user, std::string& bytes) {
  byte_writer out(bytes);
  out.byte(version);
  out.boolean(user.settled.has_value());
  if (user.settled) put(*user.settled, out);
  out.varint(user.sessions.size());
  std::int64_t base = 0;
  for (const auto& s : user.sessions) {
    put(s, base, out);
    base = s.started_at;
  }
  const auto ids = funnels_of(user);
  out.varint(ids.size());
  for (const auto id : ids) out.word(id);
  out.varint(user.hits.size());
  for (const auto& of : user.hits) put(of, ids, out);
}

user_state decode_user_state(std::string_view bytes) {
  byte_reader in(bytes);
  if (in.byte() != version) throw decode_error("unknown version of a user's state");
  user_state user;
  if (in.boolean()) user.settled = get_life(in);
  const auto sessions = in.count(smallest_session);
  user.sessions.reserve(sessions);
  std::int64_t base = 0;
  for (std::size_t i = 0; i < sessions; ++i)
    base = user.sessions.emplace_back(get_session(base, in)).started_at;
  funnel_ids ids(in.count(sizeof(std::uint64_t)));
  for (auto& id : ids) id = in.word();
  for (auto n = in.count(smallest_hits); n > 0; --n) user.hits.push_back(get_hits(ids, in));
  in.finish();
  return user;
}

}  // namespace weir
