#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "pipeline/log/log.hpp"
#include "tools/generate/traffic_generator.hpp"

namespace weir::bench {

/// Generated web events of one partition, in runs as a log in memory holds them. The same options give the
/// same events, whatever is asked for at once.
class bench_input {
 public:
  using runs = std::vector<std::shared_ptr<const record_chunk>>;
  static constexpr std::size_t run_size = 1000;  // records

  explicit bench_input(traffic_options options);

  /// The next records.
  runs next(std::size_t records);
  /// Milliseconds of event time that have passed since the beginning.
  std::int64_t passed() const { return record_.arrival_time - options_.start; }

  /// The record time of every event, as `replay.now` gives it.
  std::int64_t record_time() const;

 private:
  traffic_options options_;
  traffic_generator traffic_;
  generated_record record_;
  std::int64_t offset_ = 0;
};

}  // namespace weir::bench
