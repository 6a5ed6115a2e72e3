#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/arena.hpp"
#include "pipeline/clock/counts.hpp"
#include "pipeline/enrich/enricher.hpp"
#include "pipeline/event/access_log.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/event/id_privacy.hpp"
#include "pipeline/event/web_decoder.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/record.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// How the records of a source partition are read.
struct intake_options {
  std::string topic;  // source topic
  std::int32_t partition = 0;
  source_rules source;
  bool access_log = false;
  bool live = true;            // records have broker times; false in replay
  std::string file;            // replay: base name of the file
  std::string site_url, site;  // replay.site_url, replay.site, for access logs
};

/// The reader's part of a source partition: decodes, validates and enriches each record, keeps the highest
/// event time and with it W, stamps events, sorts out dead letters and what is too late. Pure; one a task.
class intake {
 public:
  /// `enrichment` is the lane's.
  intake(intake_options options, const rules& r, enricher& enrichment);

  struct effects {
    outbox& records;
    contributions& kpis;
    intake_counts& counts;
    std::optional<std::int64_t> wall = {};  // live and no redo: the wall clock, milliseconds
  };

  /// A record as it is taken in.
  struct record {
    std::int64_t offset = 0;         // in the task's partition: what stamps go by
    std::int64_t source_offset = 0;  // in the source's: the same, unless the records were re-keyed
    std::int64_t time = 0;           // broker time, milliseconds
    std::string_view payload;
    std::uint64_t size = 0;  // of the payload as it came; of one that is too large a beginning will do
  };

  /// Takes one record. Returns true and fills `e` and `at` when it is an accepted event, to be handed to its
  /// session. `watermark` is W as the records before this one left it. `highest` is the source partition's
  /// highest event time so far (no_time before the first), and is moved.
  bool take(const record& r, std::int64_t watermark, std::int64_t& highest, arena& texts, event& e, stamp& at,
            effects out);

  /// Decodes a record and does nothing else: true when it is a valid event.
  bool peek(const record& r, arena& texts, event& e);

  /// Behind the last record of a batch: tells how fresh its events were.
  void end_batch(effects& out);

  /// Makes a dead letter of a record whose handler failed. It moves nothing, W included.
  void bury(const record& r, std::int64_t highest, effects out);

  /// W for a highest event time.
  std::int64_t watermark(std::int64_t highest) const { return highest - rules_.time.max_out_of_orderness; }
  const std::string& topic() const { return options_.topic; }

 private:
  enum class verdict { event, fault, skipped };
  verdict decode(const record& r, arena& texts, event& e, fault& f);
  record_source source_of(const record& r) const;
  void hash_visitor(event& e, arena& texts) const;
  std::int64_t arrival_of(const record& r, std::int64_t highest) const;
  void dead_letter(const fault& f, const record_source& from, std::string_view payload, std::int64_t arrival,
                   effects& out);
  void drop_too_late(const event& e, const stamp& at, const record& r, effects& out);
  bool too_late(const event& e, const stamp& at) const;
  void note_freshness(const event& e, const stamp& at, effects& out);

  intake_options options_;
  const rules& rules_;
  enricher& enricher_;
  std::unique_ptr<id_privacy> ids_;  // null: ids are kept as they are
  web_decoder web_;
  std::optional<access_log_decoder> log_;
  std::vector<double> freshness_;       // of this batch's valid events, seconds
  std::int64_t freshness_arrival_ = 0;  // of the last of them: all are of one window
};

}  // namespace weir
