#pragma once

#include <cstdint>
#include <string>

#include "pipeline/base/arena.hpp"
#include "pipeline/clock/intake.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/log/record.hpp"

namespace weir {

/// The reader's part of a source partition that is not keyed by session: finds each record's session, keeps
/// the partition's highest event time, and passes the record on, as it came, to weir.rekeyed under the
/// session's id (`=` before one that begins with `~`). What is invalid is passed on, too, under its place:
/// the reader there makes a dead letter of it. One a task; pure.
class rekeyer {
 public:
  rekeyer(intake_options options, const rules& r, enricher& enrichment);

  /// Passes one record on. `highest` is the partition's highest event time so far (no_time before the first),
  /// and is moved.
  void take(std::int64_t offset, std::int64_t record_time, std::string_view payload, std::int64_t& highest,
            outbox& out);

  /// W for a highest event time.
  std::int64_t watermark(std::int64_t highest) const { return intake_.watermark(highest); }

 private:
  std::string topic_;
  std::int32_t partition_;
  std::size_t most_;  // bytes of payload that are passed on whole
  intake intake_;
  arena texts_;
  event event_;
  std::string key_;
};

}  // namespace weir
