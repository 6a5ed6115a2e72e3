#include "pipeline/sketch/top.hpp"

#include <algorithm>
#include <vector>

// The bytes, version 1 (also in docs/sketches.md):
//
//   byte     version, 1
//   byte     1 if approximate, else 0
//   varint   only if approximate: the floor, what a key that is not held may have at most
//   varint   number of keys, by bytes ascending, then each:
//   text       the key: varint of its length, its bytes
//   zigzag     count, not 0
//
// Union: counts of a key add up; a key that one side does not hold has that side's floor there; the floors
// add up; a sum of 0 vanishes. The union is approximate if a side was or it has more than 1,000 keys. Of more
// than 1,250 keys the 1,000 with the highest magnitude stay (ties: positive counts, then the smaller key),
// and the floor becomes the highest count that went, if it was lower.
//
// Example, "bing.com" -1 and "google.com" 3:
//
//   01 00 02   08 62 69 6e 67 2e 63 6f 6d 01   0a 67 6f 6f 67 6c 65 2e 63 6f 6d 06

namespace weir {

namespace {

constexpr std::uint8_t version = 1;

std::int64_t wrapping_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

std::uint64_t magnitude(std::int64_t x) {
  return x < 0 ? 0 - static_cast<std::uint64_t>(x) : static_cast<std::uint64_t>(x);
}

template <class Entry>
bool weightier(const Entry* a, const Entry* b) {
  const auto x = magnitude(a->second), y = magnitude(b->second);
  if (x != y) return x > y;
  if (a->second != b->second) return a->second > b->second;
  return a->first < b->first;
}

template <class Table>
auto entries_of(const Table& counts) {
  std::vector<const typename Table::value_type*> entries;
  entries.reserve(counts.size());
  for (const auto& x : counts) entries.push_back(&x);
  return entries;
}

}  // namespace

void top_counts::add(std::string_view key, std::int64_t times) {
  if (times == 0) return;
  add_held(key, times);
  cut_back();
}

void top_counts::add_held(std::string_view key, std::int64_t times) {
  const auto [at, added] = counts_.try_emplace(key, floor_);
  at->second = wrapping_sum(at->second, times);
  if (at->second == 0) counts_.erase(at);
}

void top_counts::merge(const top_counts& other) {
  if (this == &other) return merge(top_counts(other));
  const auto lacks = [&](auto& x) {
    if (other.counts_.contains(x.first)) return false;
    x.second = wrapping_sum(x.second, other.floor_);
    return x.second == 0;
  };
  if (other.floor_ != 0) absl::erase_if(counts_, lacks);
  for (const auto& [key, times] : other.counts_) add_held(key, times);
  floor_ = wrapping_sum(floor_, other.floor_);
  approximate_ = approximate_ || other.approximate_;
  cut_back();
}

void top_counts::cut_back() {
  if (counts_.size() <= exact_keys) return;
  approximate_ = true;
  if (counts_.size() <= most_keys) return;
  auto entries = entries_of(counts_);
  const auto cut = entries.begin() + exact_keys;
  std::nth_element(entries.begin(), cut, entries.end(), weightier<table::value_type>);
  for (auto at = cut; at != entries.end(); ++at) {
    floor_ = std::max(floor_, (*at)->second);
    counts_.erase(counts_.find((*at)->first));
  }
}

std::string_view top_counts::top() const {
  std::string_view best;
  std::int64_t most = 0;
  for (const auto& [key, count] : counts_) {
    if (count < most || count <= 0 || (count == most && key >= best)) continue;
    best = key;
    most = count;
  }
  return best;
}

std::int64_t top_counts::count(std::string_view key) const {
  const auto at = counts_.find(key);
  return at == counts_.end() ? 0 : at->second;
}

std::size_t top_counts::memory() const {
  constexpr std::size_t inside = 15;  // bytes that a std::string holds without the heap
  auto bytes = sizeof *this + counts_.capacity() * (sizeof(table::value_type) + 1);
  for (const auto& [key, count] : counts_)
    if (key.capacity() > inside) bytes += key.capacity() + 1;
  return bytes;
}

void top_counts::encode(byte_writer& out) const {
  out.byte(version);
  out.boolean(approximate_);
  if (approximate_) out.varint(static_cast<std::uint64_t>(floor_));
  auto entries = entries_of(counts_);
  std::sort(entries.begin(), entries.end(), [](auto* a, auto* b) { return a->first < b->first; });
  out.varint(entries.size());
  for (const auto* x : entries) {
    out.text(x->first);
    out.zigzag(x->second);
  }
}

top_counts top_counts::decode(byte_reader& in) {
  if (in.byte() != version) throw decode_error("top: unknown version");
  const auto flag = in.byte();
  if (flag > 1) throw decode_error("top: unknown flag");
  top_counts result;
  result.approximate_ = flag == 1;
  if (result.approximate_) result.floor_ = static_cast<std::int64_t>(in.varint());
  if (result.floor_ < 0) throw decode_error("top: floor out of range");
  const auto count = in.count(2);
  if (count > (result.approximate_ ? most_keys : exact_keys)) throw decode_error("top: too many keys");
  result.counts_.reserve(count);
  std::string_view last;
  for (std::size_t i = 0; i < count; ++i) {
    const auto key = in.text();
    if (i > 0 && key <= last) throw decode_error("top: keys out of order");
    const auto times = in.zigzag();
    if (times == 0) throw decode_error("top: count of 0");
    result.counts_.emplace(key, times);
    last = key;
  }
  return result;
}

}  // namespace weir
