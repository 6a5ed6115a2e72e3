#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <string>
#include <vector>

#include "serving/node_view.hpp"

namespace weir {

/// A node's metrics, made from what it is seen to be whenever they are collected: nothing is counted here.
/// docs/operations-metrics.md explains each.
class node_metrics : public prometheus::Collectable {
 public:
  explicit node_metrics(node_observer look) : look_(std::move(look)) {}

  std::vector<prometheus::MetricFamily> Collect() const override;
  /// Prometheus' text format.
  std::string text() const;

 private:
  node_observer look_;
};

}  // namespace weir
