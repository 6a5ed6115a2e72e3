#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "pipeline/kpi/cell.hpp"
#include "pipeline/kpi/family.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// Thrown when records cannot be united: what is no gold record, another family, site or key than the ones
/// before, a record without the sketches that its family needs, or windows that overlap.
struct gold_merge_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

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
  explicit gold_merge(const rules& settings);
  ~gold_merge();

  /// Takes in one record, JSON as write_gold makes it. After an error it is as before.
  void add(std::string_view json);
  bool empty() const { return windows_.empty(); }

  /// Appends the union as one JSON object: a gold record of granularity `range`, with sketches, and
  /// `records`, the number of windows in it. `events_final` and `final` hold if they hold of all, `watermark`
  /// is the lowest, `revision` the highest. Must not be empty.
  void write(std::string& out) const;

 private:
  struct reader;
  struct window {
    std::int64_t end = 0, revision = 0, watermark = 0, late_events = 0;
    std::optional<std::int64_t> sessions_open;
    bool events_final = false, final = false, capped = false;
    cell data;
  };
  struct subject {
    family fam = family::site;
    std::string site;
    std::array<std::string, 3> key;
    bool operator==(const subject&) const = default;
  };
  void check_overlaps(std::int64_t start, const window& w) const;

  const rules& settings_;
  std::unique_ptr<reader> reader_;
  subject subject_;
  std::map<std::int64_t, window> windows_;  // by start
};

}  // namespace weir
