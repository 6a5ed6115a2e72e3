#include "pipeline/kpi/gold_merge.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace weir {

void gold_merge::check_fits(const gold_head& h) const {
  if (!empty() && (h.fam != subject_.fam || h.site != subject_.site || h.key != subject_.key))
    throw gold_merge_error("records of different sites, families or keys");
  const auto end_of = [](const auto& at) { return at->second.head.window.end; };
  const auto [start, end] = std::pair(h.window.start, h.window.end);
  const auto after = windows_.lower_bound(start);
  const bool same = after != windows_.end() && after->first == start && end_of(after) == end;
  const bool next = !same && after != windows_.end() && after->first < end;
  const bool before = after != windows_.begin() && end_of(std::prev(after)) > start;
  if (next || before) throw gold_merge_error("windows overlap: expected records of one granularity");
}

void gold_merge::add(std::string_view json) {
  auto record = reader_.content(json);
  check_fits(record.head);
  subject_ = record.head;
  const auto [at, added] = windows_.try_emplace(record.head.window.start);
  if (added || record.head.revision > at->second.head.revision) at->second = std::move(record);
}

void gold_merge::write(std::string& out) const {
  std::vector<gold_window> own;
  for (const auto& [_, w] : windows_) own.push_back(w.head.window);
  write(out, own);
}

void gold_merge::write(std::string& out, std::span<const gold_window> range) const {
  gold_record total{};
  total.events_final = total.final = true;
  for (const auto& w : range) {
    total.late_events += w.late_events;
    total.events_final &= w.events_final;
    total.final &= w.final;
    total.capped |= w.capped;
  }
  total.start = range.front().start;
  total.end = range.back().end;
  total.fam = subject_.fam;
  total.site = subject_.site;
  for (std::size_t i = 0; i < subject_.key.size(); ++i) total.key[i] = subject_.key[i];
  total.size = granularity::range;
  total.with_sketches = true;
  total.records = windows_.size();
  const auto sum = unite(total);
  write_gold(total, sum, settings_, out, &sum);  // a union holds its page's views itself
}

/// Returns the aggregates of all records, and fills in what they tell of their key.
cell gold_merge::unite(gold_record& total) const {
  cell sum;
  total.watermark = std::numeric_limits<std::int64_t>::max();
  total.sessions_open = 0;
  for (const auto& [_, w] : windows_) {
    sum.merge(w.data);
    total.revision = std::max(total.revision, w.head.revision);
    total.watermark = std::min(total.watermark, w.watermark);
    if (!w.sessions_open) total.sessions_open.reset();
    if (total.sessions_open) *total.sessions_open += *w.sessions_open;
  }
  return sum;
}

}  // namespace weir
