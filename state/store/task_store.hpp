#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/log/log.hpp"

namespace weir {

/// Another lane has opened the same task's store: this one may write no more.
struct store_taken : log_unavailable {
  using log_unavailable::log_unavailable;
};

/// A node's copy of one task's state: committed values only, not older than the changelog position beside
/// them. Used by one thread at a time: the lane's that owns the task, or the one that restores it beside the
/// lane.
class task_store {
 public:
  virtual ~task_store() = default;

  virtual std::optional<std::string> get(std::string_view key) = 0;
  /// Calls `visit(key, value)` for every key, in order of keys, beginning with `from`, until it returns
  /// false.
  virtual void scan(std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& visit) = 0;
  /// Takes over the changes of a committed epoch, or of a changelog that is being restored.
  virtual void apply(const std::vector<state_change>& changes) = 0;

  /// Up to where of the changelog the copy reaches, and the wall time as of which it was whole.
  virtual std::int64_t position() = 0;
  virtual std::int64_t time() = 0;
  virtual void set_position(std::int64_t position, std::int64_t time) = 0;
  /// Forgets everything.
  virtual void clear() = 0;
};

}  // namespace weir
