#include "pipeline/session/seen_ids.hpp"

#include <algorithm>

#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

constexpr std::size_t few = 64;      // so many are searched one by one
constexpr std::size_t expected = 8;  // spares the first steps of growth

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
}

void seen_ids::encode(byte_writer& out) const {
  auto sorted = heap_;
  std::sort(sorted.begin(), sorted.end(), [](const entry& a, const entry& b) { return b < a; });
  out.varint(sorted.size());
  std::int64_t before = 0;
  for (const auto& x : sorted) {
    out.zigzag(wrapping_sub(x.time, before));
    out.word(x.hash);
    before = x.time;
  }
}

seen_ids seen_ids::decode(byte_reader& in) {
  const auto n = in.count(9);
  if (n > ids_kept) throw decode_error("more event ids than a key keeps");
  seen_ids result;
  result.heap_.reserve(n + 1);
  std::int64_t time = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto next = wrapping_add(time, in.zigzag());
    if (!plausible(next) || (i > 0 && next < time)) throw decode_error("event ids out of order");
    time = next;
    result.heap_.push_back({time, i, in.word()});  // ascending: a heap as it is
  }
  result.next_order_ = n;
  if (n > few) result.build_index();
  return result;
}

}  // namespace weir
