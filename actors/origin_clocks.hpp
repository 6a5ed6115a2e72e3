#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/clock_report.hpp"

namespace weir {

/// The clocks of the source partitions whose records a task of weir.rekeyed reads: its own are the lowest of
/// them. They decide content, so a redo must find them as they were at each commit boundary: they are kept
/// with the task's clocks. topology.md, "If an event topic is not keyed by session_id".
class origin_clocks {
 public:
  /// `names` of all source partitions, as `<topic>/<partition>`.
  explicit origin_clocks(const std::vector<std::string>& names);

  /// As they were written; those that are not there are not known.
  void restore(std::string_view bytes);
  std::string encode() const;

  /// The clocks of one; null when it is none of ours.
  clock_report* find(std::string_view name);
  /// A partition's own report. One that is none of ours is of a partition that the metadata does not know
  /// yet: it is passed over.
  void take(std::string_view name, const clock_report& report);
  /// The lowest of each; `no_time` where one is not known.
  clock_report low() const;

 private:
  std::map<std::string, clock_report, std::less<>> origins_;
};

}  // namespace weir
