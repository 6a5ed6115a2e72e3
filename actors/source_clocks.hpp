#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/clock_report.hpp"
#include "state/checkpoint/task_state.hpp"

namespace weir {

/// The last report of every task that writes a task's input, and the lowest of them. Each report is a key of
/// the task's state like any other. Used by the task, on its lane's thread.
class source_clocks {
 public:
  explicit source_clocks(task_state& state);
  ~source_clocks();

  /// After the state was loaded: `names` are all the tasks that are expected.
  void load(const std::vector<std::string>& names);
  /// Before the state goes.
  void clear();

  /// Takes a report that stands in the input at this offset. One of a task that is not expected is of a
  /// partition that this node's metadata does not know yet: it is passed over.
  void take(std::string_view name, std::string_view bytes, std::int64_t offset);
  /// Moves the lowest to what is known now. A task that has not reported holds everything.
  void advance();

  bool complete() const { return complete_; }
  /// As of the last `advance`; never goes back.
  const clock_report& low() const { return low_; }

 private:
  struct source;
  task_state& state_;
  std::map<std::string, std::unique_ptr<source>, std::less<>> sources_;
  clock_report low_;
  bool complete_ = false;
};

/// State keys of reports begin with this byte; the task's name follows.
inline constexpr char source_key_prefix = 's';

}  // namespace weir
