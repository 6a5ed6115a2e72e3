#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <cstdint>
#include <string>

#include "pipeline/base/hash.hpp"
#include "pipeline/log/record.hpp"

namespace weir::bench {

/// Where outputs end: counted, and summed up so that two runs can be compared. Of users and gold only the
/// last of each record counts, of gold without `revision` and `watermark`, which are free.
class bench_sink {
 public:
  /// While off, records are counted but not hashed (gold excepted): timing.
  void hashing(bool on) { hashing_ = on; }

  void take(const outbox& box, const outbox::record& r);

  /// `{"events":{"records":..,"bytes":..,"sum":".."},..,"gold":{"records":..,"sum":".."}}`
  std::string summary() const;
  std::uint64_t gold_published() const { return gold_published_; }

 private:
  struct total {
    std::uint64_t records = 0, bytes = 0, sum = 0;
  };
  std::array<total, static_cast<std::size_t>(output::count_)> totals_{};
  absl::flat_hash_map<std::uint64_t, std::uint64_t> users_, gold_;  // key -> content
  std::uint64_t gold_published_ = 0;
  bool hashing_ = true;
};

}  // namespace weir::bench
