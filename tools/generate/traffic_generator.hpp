#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace weir {

/// What traffic to make. Shares are from 0 to 1.
struct traffic_options {
  std::uint64_t seed = 1;
  std::uint64_t events = 0;         // records in all; 0: without end
  std::uint64_t sessions = 10'000;  // open (active, or silent for less than 30 minutes) in the steady state
  double events_per_second = 0;     // of event time, on average; 0: as many as hold `sessions` open
  std::int64_t start = 1'767'225'600'000;  // event time of the beginning: 2026-01-01T00:00:00Z
  std::int32_t partitions = 4;
  unsigned sites = 2;  // `default`, `shop`, then `site-2`, ...
  unsigned pages = 500;
  std::int64_t disorder = 20'000;  // milliseconds by which a record lags at most, if it is not late
  double duplicates = 0.01;
  double late = 0.002;       // one to 40 minutes
  double too_late = 0.0002;  // 70 minutes to 3 hours
  double malformed = 0.005;
  double derived = 0.02;    // sessions without a session_id
  double returning = 0.01;  // sessions that come back after 40 minutes under their old id
};

/// What is wrong with the options, by the names that the command line has for them; empty when nothing is.
std::string fault_of(const traffic_options& options);

/// One record as a producer would send it.
struct generated_record {
  std::string key;
  std::string value;
  std::int32_t partition = 0;     // hash64(key) mod partitions
  std::int64_t event_time = 0;    // milliseconds
  std::int64_t arrival_time = 0;  // when it is sent, milliseconds: records come in this order
};

/// Believable web traffic as JSON records of `topic_web_events`. Sessions arrive by a Poisson process, last
/// for about 15 events with some 20 s to think between them, and come from visitors who have a device, a
/// country, perhaps an account. Records come in the order of their arrival: most within some 100 ms of their
/// event, some up to `disorder` later, a few late. The same options give the same records, byte for byte.
///
/// One thread; memory goes with the sessions that are active and the records that are under way.
class traffic_generator {
 public:
  /// Throws std::invalid_argument for options that have a fault.
  explicit traffic_generator(const traffic_options& options);
  ~traffic_generator();

  /// Makes the next record; false when there are no more.
  bool next(generated_record& out);

  /// Passes over records without writing them: about ten times as fast, and what follows is the same.
  void skip(std::uint64_t records);

  /// How many records were made or passed over.
  std::uint64_t position() const { return position_; }

 private:
  class simulation;
  std::unique_ptr<simulation> simulation_;
  std::uint64_t events_;
  std::uint64_t position_ = 0;
};

}  // namespace weir
