#include "state/checkpoint/new_beginning.hpp"

#include <algorithm>

#include "pipeline/base/codec.hpp"
#include "state/checkpoint/stored_value.hpp"

namespace weir {

epoch_record begin_anew(const std::optional<epoch_record>& before, std::int64_t offset, std::int64_t wall) {
  epoch_record r;
  r.next = offset;
  const bool goes_on = before && !before->ring.empty() && offset >= before->next;
  r.ring.push_back({offset, goes_on ? before->ring.back().clocks : task_clocks(), {}, wall});
  return r;
}

std::optional<input_gap> gap_of(const epoch_record& record, std::int64_t first) {
  if (first <= record.redo_from()) return std::nullopt;
  return input_gap{std::max<std::int64_t>(0, first - record.next),
                   std::min(first, record.next) - record.redo_from()};
}

/// The redo begins at `first` with the clocks of the last boundary below it. What it owes is no longer known:
/// it tells of a divergence.
epoch_record after_gap(const epoch_record& record, std::int64_t first, std::int64_t wall) {
  auto r = record;
  r.next = std::max(record.next, first);
  const auto beyond =
      std::find_if(r.ring.begin(), r.ring.end(), [&](const mark& m) { return m.offset > first; });
  auto begin = beyond == r.ring.begin() ? mark() : *std::prev(beyond);
  begin.offset = first;
  if (r.next == first) begin.wall = wall;
  r.ring.erase(r.ring.begin(), beyond);
  r.ring.insert(r.ring.begin(), begin);
  std::erase_if(r.dead, [&](std::int64_t offset) { return offset < first; });
  std::erase_if(r.dead_keys, [&](const dead_key& dead) { return dead.offset < first; });
  if (r.next == first) r.owed = {};
  return r;
}

std::string encode_reset(std::int64_t first) {
  std::string bytes;
  byte_writer(bytes).zigzag(first);
  return encode_stored(first, bytes);
}

std::int64_t decode_reset(std::string_view stored) {
  byte_reader in(decode_stored(stored).bytes);
  const auto first = in.zigzag();
  in.finish();
  return first;
}

}  // namespace weir
