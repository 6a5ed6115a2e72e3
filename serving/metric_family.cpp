#include "serving/metric_family.hpp"

#include <limits>

namespace weir {

prometheus::MetricFamily make_family(std::string name, prometheus::MetricType type, std::string help) {
  prometheus::MetricFamily family;
  family.name = std::move(name);
  family.help = std::move(help);
  family.type = type;
  return family;
}

void add(prometheus::MetricFamily& to, metric_labels labels, double value) {
  auto& m = to.metric.emplace_back();
  m.label = std::move(labels);
  (to.type == prometheus::MetricType::Counter ? m.counter.value : m.gauge.value) = value;
}

void add(prometheus::MetricFamily& to, metric_labels labels, const duration_histogram& durations) {
  auto& m = to.metric.emplace_back();
  m.label = std::move(labels);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < durations.counts.size(); ++i) {
    below += durations.counts[i];
    const auto bound = i < duration_histogram::bounds.size() ? duration_histogram::bounds[i]
                                                             : std::numeric_limits<double>::infinity();
    m.histogram.bucket.push_back({below, bound});
  }
  m.histogram.sample_count = below;
  m.histogram.sample_sum = durations.sum;
}

}  // namespace weir
