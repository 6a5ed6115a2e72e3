#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/parted_value.hpp"

namespace weir {

/// So many ids a key are remembered.
inline constexpr std::size_t ids_kept = 65536;

/// The event ids that a key has seen, as hashes with their times. sessions.md, "Late events and duplicates".
///
/// Any operation costs at most the logarithm of their number: a few are searched one by one, many through an
/// index.
class seen_ids {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }
  bool contains(std::uint64_t hash) const;

  /// Remembers an id that it does not contain. Beyond `ids_kept` the smallest time goes, ties by order of
  /// arrival: it may be this one. Returns how many went.
  unsigned add(std::uint64_t hash, std::int64_t time);
  /// Forgets those whose time is before this.
  void forget(std::int64_t before) {
    while (!heap_.empty() && heap_.front().time < before) pop();
  }
  /// The smallest time. Only when not empty.
  std::int64_t oldest() const { return heap_.front().time; }

  /// What a key's head says of them: count; if not 0, oldest time less `base`, zig-zag, and the number of the
  /// next arrival.
  void encode_outline(std::int64_t base, byte_writer& out) const;
  /// The ids, in order of arrival, in parts by the number of their arrival: what is forgotten, oldest first,
  /// and what is new touch few of them. A part: its number, its count, then each id's time, zig-zag, less the
  /// one before (the first's of part 0 less `base`), and the 8 bytes of its hash.
  void encode_ids(std::int64_t base, parted_value& out) const;

  struct outline {
    std::size_t count = 0;
    std::int64_t oldest = 0;  // unless there are none
    std::uint64_t next_order = 0;
  };
  static outline decode_outline(std::int64_t base, byte_reader& in);
  static seen_ids decode_ids(const outline& what, std::int64_t base, byte_reader& in);

 private:
  struct entry {
    std::int64_t time;
    std::uint64_t order;  // of arrival
    std::uint64_t hash;
    /// True when it is forgotten after the other: makes the standard heap one of the smallest.
    bool operator<(const entry& x) const { return time != x.time ? time > x.time : order > x.order; }
  };

  void pop();
  void build_index();
  void decode_part(std::int64_t base, byte_reader& in);

  std::vector<entry> heap_;
  absl::flat_hash_set<std::uint64_t> index_;  // of many only
  std::uint64_t next_order_ = 0;
};

}  // namespace weir
