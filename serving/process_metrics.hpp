#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace weir {

/// What Prometheus' client libraries tell of their process, under the same names: CPU, memory, file
/// descriptors, start. Read from /proc.
std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace weir
