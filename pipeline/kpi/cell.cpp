#include "pipeline/kpi/cell.hpp"

#include <algorithm>

#include "pipeline/session/wrapping.hpp"

namespace weir {

namespace {

// The bytes of a cell:
//
//   count of sums, each sum as a zig-zag varint (trailing zeros left out)
//   count of uniques, each as hyperloglog.cpp documents
//   count of samples, each as ddsketch.cpp documents
//   count of tops, each as top.cpp documents
//
// Counts are varints, at most 255; slots are those of the family, in its order; trailing empty slots are left
// out. A cell with the sums 3, 0, -1 and nothing else is `03 06 00 01 00 00 00`.
constexpr std::size_t most_slots = 255;

void add_sum(std::int64_t& sum, std::int64_t x) { sum = wrapping_add(sum, x); }

template <class T>
T& slot_of(std::vector<T>& slots, std::size_t slot) {
  if (slot >= slots.size()) slots.resize(slot + 1);
  return slots[slot];
}

template <class T>
void merge_slots(std::vector<T>& into, const std::vector<T>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i)
    if (!from[i].empty()) into[i].merge(from[i]);
}

template <class T>
bool all_empty(const std::vector<T>& slots) {
  return std::all_of(slots.begin(), slots.end(), [](const T& x) { return x.empty(); });
}

template <class T>
std::size_t memory_of(const std::vector<T>& slots) {
  std::size_t bytes = slots.capacity() * sizeof(T);
  for (const auto& x : slots) bytes += x.memory();
  return bytes;
}

template <class T, class Empty>
std::size_t used(const std::vector<T>& slots, Empty empty) {
  auto n = slots.size();
  while (n > 0 && empty(slots[n - 1])) --n;
  return n;
}

template <class T>
void encode_slots(const std::vector<T>& slots, byte_writer& out) {
  const auto n = used(slots, [](const T& x) { return x.empty(); });
  out.varint(n);
  for (std::size_t i = 0; i < n; ++i) slots[i].encode(out);
}

std::size_t slot_count(byte_reader& in) {
  const auto n = in.count();
  if (n > most_slots) throw decode_error("more slots than a cell has");
  return n;
}

template <class T>
void decode_slots(std::vector<T>& slots, byte_reader& in) {
  const auto n = slot_count(in);
  slots.reserve(n);
  for (std::size_t i = 0; i < n; ++i) slots.push_back(T::decode(in));
}

}  // namespace

void cell::add(const addition* first, std::size_t count) {
  for (const auto* a = first; a != first + count; ++a) {
    switch (a->what) {
      case addition::kind::sum:
        add_sum(slot_of(sums, a->slot), a->sum);
        break;
      case addition::kind::unique:
        slot_of(uniques, a->slot).add(a->hash);
        break;
      case addition::kind::sample:
        slot_of(samples, a->slot).add(a->value, a->times);
        break;
      case addition::kind::top:
        slot_of(tops, a->slot).add(a->text, a->times);
        break;
    }
  }
}

void cell::merge(const cell& other) {
  if (sums.size() < other.sums.size()) sums.resize(other.sums.size());
  for (std::size_t i = 0; i < other.sums.size(); ++i) add_sum(sums[i], other.sums[i]);
  merge_slots(uniques, other.uniques);
  merge_slots(samples, other.samples);
  merge_slots(tops, other.tops);
}

bool cell::zero() const {
  return std::all_of(sums.begin(), sums.end(), [](std::int64_t x) { return x == 0; }) && all_empty(uniques) &&
         all_empty(samples) && all_empty(tops);
}

std::size_t cell::memory() const {
  return sizeof *this + sums.capacity() * sizeof sums[0] + memory_of(uniques) + memory_of(samples) +
         memory_of(tops);
}

void cell::encode(byte_writer& out) const {
  const auto n = used(sums, [](std::int64_t x) { return x == 0; });
  out.varint(n);
  for (std::size_t i = 0; i < n; ++i) out.zigzag(sums[i]);
  encode_slots(uniques, out);
  encode_slots(samples, out);
  encode_slots(tops, out);
}

cell cell::decode(byte_reader& in) {
  cell c;
  c.sums.resize(slot_count(in));
  for (auto& x : c.sums) x = in.zigzag();
  decode_slots(c.uniques, in);
  decode_slots(c.samples, in);
  decode_slots(c.tops, in);
  return c;
}

}  // namespace weir
