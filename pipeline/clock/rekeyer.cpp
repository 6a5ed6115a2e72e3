#include "pipeline/clock/rekeyer.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/clock/rekeyed_record.hpp"

namespace weir {

rekeyer::rekeyer(intake_options options, const rules& r, enricher& enrichment)
    : topic_(options.topic),
      partition_(options.partition),
      most_(rekeyed_max_bytes(r)),
      intake_(std::move(options), r, enrichment) {}

void rekeyer::take(std::int64_t offset, std::int64_t record_time, std::string_view payload,
                   std::int64_t& highest, outbox& out) {
  texts_.reset();
  rekeyed_record passed{topic_, partition_, offset, record_time, watermark(highest), payload.size(), payload};
  if (payload.size() > most_) passed.payload = payload.substr(0, dead_letter_max_payload + 1);
  if (intake_.peek({offset, offset, record_time, passed.payload, passed.size}, texts_, event_)) {
    const auto session = event_[text::session_id];
    key_.assign(session.starts_with('~') ? "=" : "").append(session);  // `~` begins keys of clocks
    highest = std::max(highest, std::min(event_.time, record_time));
  } else {
    key_ = std::to_string(partition_) + "|" + std::to_string(offset);
  }
  out.begin(output::rekeyed, -1, key_);
  encode(passed, out.value());
  out.end();
}

}  // namespace weir
