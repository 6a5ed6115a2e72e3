#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <utility>

#include "actors/duration_histogram.hpp"

namespace weir {

using metric_labels = std::vector<prometheus::ClientMetric::Label>;

/// A family without samples.
prometheus::MetricFamily make_family(std::string name, prometheus::MetricType type, std::string help);
/// Adds a sample to a family of counters or gauges.
void add(prometheus::MetricFamily& to, metric_labels labels, double value);
/// Adds one to a family of histograms.
void add(prometheus::MetricFamily& to, metric_labels labels, const duration_histogram& durations);

}  // namespace weir
