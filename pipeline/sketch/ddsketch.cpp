#include "pipeline/sketch/ddsketch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

// The bytes, version 1 (also in docs/sketches.md):
//
//   byte     version, 1
//   varint   number of buckets, by slot, then each:
//   varint     slots skipped since the bucket before (from slot 0)
//   zigzag     count, not 0, in -2^52 .. 2^52 - 1
//
// Slot 0 holds zero and below, slot s > 0 the values in (gamma^(s - 347), gamma^(s - 346)], gamma = 1.01 /
// 0.99; the last slot is 1,728. Such a bucket's value is 2 gamma^(s - 346) / (gamma + 1). Union: counts of a
// slot add up, a sum of 0 vanishes.
//
// Example, the values 0, 120, 120 and 2,500:
//
//   01 03   00 02   c9 04 04   97 01 02
//
// Slot 0 once; 585 slots on, slot 586 (index 240, value 120.3) twice; 151 slots on, slot 738 (index 392,
// 2,515) once.

namespace weir {

namespace {

constexpr std::uint8_t version = 1;
constexpr double gamma = 1.01 / 0.99;
constexpr double lowest = 1e-3;
constexpr double highest = 1e12;
constexpr int slot_of_index_0 = 346;  // the lowest value's index is -345
constexpr unsigned slots = 1729;
constexpr std::int64_t most = (std::int64_t{1} << 52) - 1;

const double log_gamma = std::log(gamma);
const double per_log_gamma = 1 / log_gamma;

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

unsigned ddsketch::slot_of(double value) {
  if (!(value > 0)) return 0;
  const double x = std::log(std::clamp(value, lowest, highest)) * per_log_gamma;
  const auto whole = static_cast<int>(x);  // towards 0; std::ceil would be a call on plain x86-64
  return static_cast<unsigned>(whole + (x > whole) + slot_of_index_0);
}

double ddsketch::value_of(unsigned slot) {
  if (slot == 0) return 0;
  return 2 * std::exp((static_cast<int>(slot) - slot_of_index_0) * log_gamma) / (gamma + 1);
}

/// The first bucket that is not before `slot`. Without a branch to mispredict: values come in no order.
std::vector<ddsketch::bucket>::iterator ddsketch::find(unsigned slot) {
  auto first = buckets_.begin();
  for (auto size = buckets_.size(); size > 0;) {
    const auto half = (size + 1) / 2;
    first += first[half - 1].slot < slot ? half : 0;
    size -= half;
  }
  return first;
}

void ddsketch::add(double value, std::int64_t times) {
  if (times != 0) add_to_slot(slot_of(value), times);
}

void ddsketch::add_to_slot(unsigned slot, std::int64_t times) {
  auto at = find(slot);
  if (at == buckets_.end() || at->slot != slot) at = buckets_.insert(at, {slot, 0});
  at->count = wrapping_sum(at->count, times);
  if (at->count == 0) buckets_.erase(at);
}

void ddsketch::merge(const ddsketch& other) {
  if (buckets_.empty()) {
    buckets_ = other.buckets_;
  } else if (&other == this || other.buckets_.size() > buckets_.size() / 8) {
    merge_sorted(other);
  } else {
    for (const auto& x : other.buckets_) add_to_slot(static_cast<unsigned>(x.slot), x.count);
  }
}

void ddsketch::merge_sorted(const ddsketch& other) {
  std::vector<bucket> sum;
  sum.reserve(std::min<std::size_t>(buckets_.size() + other.buckets_.size(), slots));
  auto b = other.buckets_.begin();
  for (const auto& a : buckets_) {
    while (b != other.buckets_.end() && b->slot < a.slot) sum.push_back(*b++);
    sum.push_back(a);
    if (b == other.buckets_.end() || b->slot != a.slot) continue;
    sum.back().count = wrapping_sum(a.count, b++->count);
    if (sum.back().count == 0) sum.pop_back();
  }
  sum.insert(sum.end(), b, other.buckets_.end());
  buckets_ = std::move(sum);
}

std::int64_t ddsketch::count() const {
  std::int64_t sum = 0;
  for (const auto& x : buckets_) sum += x.count;
  return sum;
}

double ddsketch::quantile(double q) const {
  std::int64_t n = 0;
  for (const auto& x : buckets_) n += std::max<std::int64_t>(x.count, 0);
  if (n == 0) return std::numeric_limits<double>::quiet_NaN();
  auto rank = q > 0 ? static_cast<std::int64_t>(std::min(q, 1.0) * static_cast<double>(n - 1)) : 0;
  unsigned slot = 0;
  for (const auto& x : buckets_) {
    if (x.count <= 0) continue;
    slot = static_cast<unsigned>(x.slot);
    rank -= x.count;
    if (rank < 0) break;
  }
  return value_of(slot);
}

std::size_t ddsketch::memory() const { return sizeof *this + buckets_.capacity() * sizeof(bucket); }

void ddsketch::encode(byte_writer& out) const {
  out.byte(version);
  out.varint(buckets_.size());
  std::uint64_t next = 0;
  for (const auto& x : buckets_) {
    out.varint(x.slot - next);
    out.zigzag(x.count);
    next = x.slot + 1;
  }
}

ddsketch ddsketch::decode(byte_reader& in) {
  if (in.byte() != version) throw decode_error("ddsketch: unknown version");
  const auto count = in.count(2);
  if (count > slots) throw decode_error("ddsketch: too many buckets");
  ddsketch result;
  result.buckets_.reserve(count);
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto skipped = in.varint();
    if (skipped >= slots - next) throw decode_error("ddsketch: no such bucket");
    const auto times = in.zigzag();
    if (times == 0 || times > most || times < -most - 1) throw decode_error("ddsketch: count out of range");
    result.buckets_.push_back({next + skipped, times});
    next += skipped + 1;
  }
  return result;
}

}  // namespace weir
