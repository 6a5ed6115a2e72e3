#include "tools/bench/bench_input.hpp"

#include <algorithm>

namespace weir::bench {

namespace {

constexpr std::int64_t year = 365 * 86'400'000LL;

traffic_options in_one_partition(traffic_options options) {
  options.partitions = 1;
  options.events = 0;
  return options;
}

}  // namespace

bench_input::bench_input(traffic_options options) : options_(in_one_partition(options)), traffic_(options_) {
  record_.arrival_time = options_.start;
}

std::int64_t bench_input::record_time() const { return options_.start + year; }

bench_input::runs bench_input::next(std::size_t records) {
  runs all;
  while (records > 0) {
    auto run = std::make_shared<record_chunk>();
    for (auto left = std::min(records, run_size); left > 0; --left, --records) {
      traffic_.next(record_);
      run->add(offset_++, record_time(), {}, record_.value);
    }
    all.push_back(std::move(run));
  }
  return all;
}

}  // namespace weir::bench
