#include "pipeline/session/seen_ids.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/session/session_codec.hpp"
#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

constexpr std::size_t few = 64;  // so many are searched one by one
constexpr std::uint64_t ids_of_a_part = 256;
constexpr std::uint64_t most_parts = std::uint64_t{1} << 32;
constexpr std::size_t expected = 8;  // spares the first steps of growth

/// What the times of a part begin with: of the first, which is all that most keys have, a time near them; of
/// the others nothing that may move.
std::int64_t base_of(std::uint64_t part, std::int64_t base) { return part == 0 ? base : 0; }

}  // namespace

bool seen_ids::contains(std::uint64_t hash) const {
  if (!index_.empty()) return index_.contains(hash);
  return std::any_of(heap_.begin(), heap_.end(), [hash](const entry& x) { return x.hash == hash; });
}

void seen_ids::build_index() {
  index_.reserve(heap_.size());
  for (const auto& x : heap_) index_.insert(x.hash);
}

unsigned seen_ids::add(std::uint64_t hash, std::int64_t time) {
  if (heap_.empty()) heap_.reserve(expected);
  heap_.push_back({time, next_order_++, hash});
  std::push_heap(heap_.begin(), heap_.end());
  if (!index_.empty())
    index_.insert(hash);
  else if (heap_.size() > few)
    build_index();
  if (heap_.size() <= ids_kept) return 0;
  pop();
  return 1;
}

void seen_ids::pop() {
  if (!index_.empty()) index_.erase(heap_.front().hash);
  std::pop_heap(heap_.begin(), heap_.end());
  heap_.pop_back();
  if (heap_.empty()) next_order_ = 0;  // as when it is read back
}

void seen_ids::encode_outline(std::int64_t base, byte_writer& out) const {
  out.varint(heap_.size());
  if (heap_.empty()) return;
  out.zigzag(wrapping_sub(oldest(), base));
  out.varint(next_order_);
}

void seen_ids::encode_ids(std::int64_t base, parted_value& out) const {
  auto sorted = heap_;
  std::sort(sorted.begin(), sorted.end(), [](const entry& a, const entry& b) { return a.order < b.order; });
  byte_writer to(out.bytes);
  for (auto i = sorted.begin(); i != sorted.end();) {
    const auto part = i->order / ids_of_a_part;
    const auto end =
        std::find_if(i, sorted.end(), [&](const entry& x) { return x.order / ids_of_a_part != part; });
    out.begin_part(part_name(ids_list, part));
    to.varint(part);
    to.varint(static_cast<std::uint64_t>(end - i));
    for (auto before = base_of(part, base); i != end; ++i) {
      to.zigzag(wrapping_sub(i->time, std::exchange(before, i->time)));
      to.word(i->hash);
    }
  }
}

seen_ids::outline seen_ids::decode_outline(std::int64_t base, byte_reader& in) {
  outline what;
  what.count = in.varint();
  if (what.count > ids_kept) throw decode_error("more event ids than a key keeps");
  if (what.count == 0) return what;
  what.oldest = wrapping_add(base, in.zigzag());
  what.next_order = in.varint();
  return what;
}

void seen_ids::decode_part(std::int64_t base, byte_reader& in) {
  const auto part = in.varint();
  const auto n = in.count(9);
  if (part > most_parts || n == 0 || n > ids_of_a_part)
    throw decode_error("a part of event ids that is none");
  const auto first = part * ids_of_a_part;
  if (first < next_order_) throw decode_error("event ids out of order");
  auto time = base_of(part, base);
  for (std::size_t i = 0; i < n; ++i) {
    time = wrapping_add(time, in.zigzag());
    if (!plausible(time)) throw decode_error("an event id at a time that is none");
    heap_.push_back({time, first + i, in.word()});
  }
  next_order_ = first + n;
}

seen_ids seen_ids::decode_ids(const outline& what, std::int64_t base, byte_reader& in) {
  seen_ids result;
  if (what.count == 0) return result;
  if (what.count > in.left() / 9) throw decode_error("fewer event ids than their head says");
  result.heap_.reserve(what.count + 1);
  while (result.size() < what.count) result.decode_part(base, in);
  std::make_heap(result.heap_.begin(), result.heap_.end());
  if (result.size() != what.count || result.oldest() != what.oldest || result.next_order_ > what.next_order)
    throw decode_error("event ids are not what their head says");
  result.next_order_ = what.next_order;
  if (what.count > few) result.build_index();
  return result;
}

}  // namespace weir
