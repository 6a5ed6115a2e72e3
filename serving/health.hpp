#pragma once

#include <string>
#include <vector>

#include "serving/node_view.hpp"

namespace weir {

/// One thing that must be well, and how it is, for people.
struct health_check {
  std::string name;
  bool ok = false;
  std::string detail;
};

/// How a node is.
struct health {
  bool live = false;   // false: only a restart helps
  bool ready = false;  // every lane has recovered what it is assigned
  std::vector<health_check> checks;

  /// All checks are well.
  bool ok() const;
};

inline constexpr std::int64_t longest_commit_ms = 60'000;
inline constexpr std::uint64_t least_disk_free = 256 << 20;  // bytes

health assess(const node_view& seen);
/// `{"status":"ok|failing","live":...,"ready":...,"checks":{...},"lanes":[...]}`
std::string to_json(const health& h, const node_view& seen);

}  // namespace weir
