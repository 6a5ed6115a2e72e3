#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/lane_report.hpp"
#include "state/store/store_usage.hpp"

namespace weir {

/// What is seen of a node at one moment: what its health and its metrics are made from.
struct node_view {
  std::int64_t now = 0;  // wall clock, milliseconds
  std::vector<lane_report> lanes;
  std::optional<std::string> failure;  // why a lane ended by itself
  store_usage store;
  std::uint64_t disk_free = 0, disk_size = 0;  // bytes, where node.data_dir is
  std::optional<std::string> broker_trouble;   // why no broker answers, where that was asked
};

/// Looks at the node. Called by any thread.
using node_observer = std::function<node_view()>;

}  // namespace weir
