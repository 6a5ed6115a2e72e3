#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "pipeline/kpi/gold_reader.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// Unites gold records of one family, site and key over any range of windows: sums add up, sketches unite,
/// and the rates, means, uniques and percentiles are computed anew. Of several records of one window the one
/// with the highest revision counts, so that a compacted topic can be fed as it is read. The order of records
/// does not matter.
///
/// `elements.page_views` is the sum over the given records: windows in which the element was not clicked have
/// none. A plain value: not for two threads at once.
class gold_merge {
 public:
  /// Keeps the reference.
  explicit gold_merge(const rules& settings) : settings_(settings) {}

  /// Takes in one record, JSON as write_gold makes it. Throws gold_merge_error; then it is as before.
  void add(std::string_view json);
  bool empty() const { return windows_.empty(); }

  /// Appends the union as one JSON object: a gold record of granularity `range`, with sketches, and
  /// `records`, how many are in it. `events_final` and `final` hold if they hold of all, `watermark` is the
  /// lowest, `revision` the highest. Must not be empty.
  void write(std::string& out) const;
  /// The same over these windows of the site and family, in order of time: the key need not have a record in
  /// each of them.
  void write(std::string& out, std::span<const gold_window> range) const;

 private:
  void check_fits(const gold_head& h) const;
  cell unite(gold_record& total) const;

  const rules& settings_;
  gold_reader reader_;
  gold_head subject_;                             // family, site and key of all
  std::map<std::int64_t, gold_content> windows_;  // by start
};

}  // namespace weir
