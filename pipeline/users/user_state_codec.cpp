// A user's state in bytes. Varints are LEB128, signed ones zig-zag, texts a length and bytes
// (pipeline/base/codec.hpp).
//
//   version     byte       2
//   settled     byte       1 if there is one; then
//     first_seen           signed          milliseconds
//     last_seen            signed          less first_seen
//     last_start           signed          less first_seen
//     sessions, page_views, conversions, active_days   varints
//     revenue              signed          10^-6
//     days                 2 varints       bit n: active on day n, counted from the first; 0 to 63, 64 to 90
//     identified           byte
//   sessions    varint, how many
//   funnels     varint, how many; each
//     id                   8 bytes         hash of its id
//     hits                 varint, how many
//     day, forgotten       signed, varint
//   blocks of sessions, then of each funnel's hits: varint, how many; then so many
//
// A session:
//   key, partition         text, varint
//   started_at             signed          less that of the one before in the block, the first less 0
//   ended_at               signed          less started_at
//   page_views             varint
//   revenue                signed
//   flags                  byte            1 engaged, 2 converted, 4 identified, 8 lingered
// A hit:
//   session                varint          its place among those that the block has named; or how many these
//                                          are, and key, partition: it is the next
//   time, offset           signed          less those of the hit before in the block, the first less 0
//   steps                  varint
//
// A block ends with its day, UTC, and when it takes `largest_block`. A value of more than `whole` bytes is
// cut into parts: a head, and the blocks. A block's part is named by its list (sessions: 0, then the
// funnels), its day and its place in it: so parts stay while days before them go.
//
// A new visitor's one session "k" of a minute with two views, at 1970-01-01T00:00:01Z, and no hits:
//
//   02 00  01  00  01  01 6b 00  d0 0f  c0 a9 07  02  00  01
#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <limits>

#include "pipeline/base/codec.hpp"
#include "pipeline/session/wrapping.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

namespace {

constexpr std::uint8_t version = 2;
constexpr std::size_t smallest_session = 7, smallest_hit = 4, smallest_funnel = 11;
constexpr std::uint8_t all_flags = 15;
constexpr std::size_t whole = 8'192, largest_block = 16'384;

template <class T>
T number(byte_reader& in) {
  const auto x = in.varint();
  if (x > static_cast<std::uint64_t>(std::numeric_limits<T>::max()))
    throw decode_error("a number is too large");
  return static_cast<T>(x);
}

/// A time that leaves room to add durations to it.
std::int64_t time_after(std::int64_t base, byte_reader& in) {
  const auto time = wrapping_add(base, in.zigzag());
  if (!plausible(time)) throw decode_error("a time out of range");
  return time;
}

// -- the head

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

/// What the head says: the lists are empty, and so long will they be.
struct head {
  user_state user;
  std::uint64_t sessions = 0;
  std::vector<std::uint64_t> hits;  // by funnel
};

void put_head(const user_state& user, byte_writer& out) {
  out.byte(version);
  out.boolean(user.settled.has_value());
  if (user.settled) put(*user.settled, out);
  out.varint(user.sessions.size());
  out.varint(user.hits.size());
  for (const auto& of : user.hits) {
    out.word(of.funnel);
    out.varint(of.hits.size());
    out.zigzag(of.day);
    out.varint(of.forgotten);
  }
}

head get_head(byte_reader& in) {
  if (in.byte() != version) throw decode_error("unknown version of a user's state");
  head h;
  if (in.boolean()) h.user.settled = get_life(in);
  h.sessions = in.varint();
  for (auto n = in.count(smallest_funnel); n > 0; --n) {
    funnel_hits of;
    of.funnel = in.word();
    if (!h.user.hits.empty() && h.user.hits.back().funnel >= of.funnel)
      throw decode_error("a user's funnels are not in order");
    h.hits.push_back(in.varint());
    of.day = in.zigzag();
    of.forgotten = number<std::uint32_t>(in);
    h.user.hits.push_back(std::move(of));
  }
  return h;
}

// -- blocks

void put(const session_id& id, byte_writer& out) {
  out.text(id.key);
  out.varint(static_cast<std::uint32_t>(id.partition));
}

session_id get_id(byte_reader& in) {
  const auto key = in.text();
  return {std::string(key), number<std::int32_t>(in)};
}

/// Writes, or reads, a block's sessions one by one.
class session_block {
 public:
  static constexpr auto smallest = smallest_session;

  void put(const user_session& s, byte_writer& out) {
    weir::put(s.id, out);
    out.zigzag(wrapping_sub(s.started_at, base_));
    out.zigzag(wrapping_sub(s.ended_at, s.started_at));
    out.varint(s.page_views);
    out.zigzag(s.revenue);
    out.byte(static_cast<std::uint8_t>(s.engaged | s.converted << 1 | s.identified << 2 | s.lingered << 3));
    base_ = s.started_at;
  }

  user_session get(byte_reader& in) {
    user_session s;
    s.id = get_id(in);
    s.started_at = base_ = time_after(base_, in);
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

 private:
  std::int64_t base_ = 0;
};

/// The same of hits.
class hit_block {
 public:
  static constexpr auto smallest = smallest_hit;

  void put(const placed_hit& hit, byte_writer& out) {
    const auto [place, first] = places_.try_emplace(hit.session.get(), places_.size());
    out.varint(place->second);
    if (first) weir::put(*hit.session, out);
    out.zigzag(wrapping_sub(hit.at.time, last_.time));
    out.zigzag(wrapping_sub(hit.at.offset, last_.offset));
    out.varint(hit.steps);
    last_ = hit.at;
  }

  placed_hit get(byte_reader& in) {
    const auto place = in.varint();
    if (place > named_.size()) throw decode_error("a hit of no session");
    if (place == named_.size()) named_.push_back(std::make_shared<const session_id>(get_id(in)));
    last_ = {time_after(last_.time, in), wrapping_add(last_.offset, in.zigzag())};
    return {last_, named_[place], number<std::uint32_t>(in)};
  }

 private:
  moment last_;
  absl::flat_hash_map<const session_id*, std::size_t> places_;
  std::vector<std::shared_ptr<const session_id>> named_;
};

std::int64_t day_of(const user_session& s) { return weir::day_of(s.started_at); }
std::int64_t day_of(const placed_hit& hit) { return weir::day_of(hit.at.time); }

bool in_order(const user_session& a, const user_session& b) { return before(a, b); }
bool in_order(const placed_hit& a, const placed_hit& b) { return a < b; }

/// Ascends with list, day and place.
std::uint64_t part_name(std::uint64_t list, std::int64_t day, std::uint64_t place) {
  constexpr std::int64_t bias = std::int64_t{1} << 31;  // days before 1970, too
  return list << 48 | static_cast<std::uint64_t>(day + bias) << 16 | place;
}

template <class Block, class T>
void put_blocks(const std::vector<T>& all, std::uint64_t list, parted_value& out) {
  std::string bytes;
  std::uint64_t place = 0;
  for (auto begin = all.begin(); begin != all.end();) {
    const auto day = day_of(*begin);
    place = begin != all.begin() && day == day_of(begin[-1]) ? place + 1 : 0;
    bytes.clear();
    Block block;
    byte_writer items(bytes);
    auto end = begin;
    for (; end != all.end() && day_of(*end) == day && bytes.size() < largest_block; ++end)
      block.put(*end, items);
    out.begin_part(part_name(list, day, place));
    byte_writer to(out.bytes);
    to.varint(static_cast<std::uint64_t>(end - begin));
    to.bytes(bytes);
    begin = end;
  }
}

template <class Block, class T>
void get_blocks(std::uint64_t count, std::vector<T>& all, byte_reader& in) {
  all.reserve(std::min<std::uint64_t>(count, in.left() / Block::smallest));
  while (all.size() < count) {
    auto n = in.count(Block::smallest);
    if (n == 0 || n > count - all.size()) throw decode_error("a block of the wrong size");
    for (Block block; n > 0; --n) {
      all.push_back(block.get(in));
      if (all.size() > 1 && !in_order(all[all.size() - 2], all.back()))
        throw decode_error("what a user's state lists is not in order");
    }
  }
}

}  // namespace

void encode(const user_state& user, parted_value& out) {
  byte_writer to(out.bytes);
  put_head(user, to);
  put_blocks<session_block>(user.sessions, 0, out);
  for (std::size_t i = 0; i < user.hits.size(); ++i) put_blocks<hit_block>(user.hits[i].hits, i + 1, out);
  if (out.bytes.size() <= whole) out.cuts.clear();
}

user_state decode_user_state(std::string_view bytes) {
  byte_reader in(bytes);
  auto h = get_head(in);
  get_blocks<session_block>(h.sessions, h.user.sessions, in);
  for (std::size_t i = 0; i < h.hits.size(); ++i) get_blocks<hit_block>(h.hits[i], h.user.hits[i].hits, in);
  in.finish();
  return std::move(h.user);
}

user_outline decode_user_outline(std::string_view bytes) {
  byte_reader in(bytes);
  auto h = get_head(in);
  user_outline outline{h.user.settled, h.sessions, 0};
  for (const auto n : h.hits) outline.hits += n;
  return outline;
}

}  // namespace weir
