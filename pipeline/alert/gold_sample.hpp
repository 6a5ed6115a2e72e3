#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/alert/alert_rule.hpp"

namespace weir {

/// What alerts need of a gold record.
struct gold_sample {
  family fam = family::site;
  granularity size = granularity::five_minutes;
  std::string site;
  std::string key;       // the key's parts, `|` between them
  std::string key_json;  // the key as the record has it
  std::int64_t start = 0, end = 0, watermark = 0, revision = 0;
  bool events_final = false, final = false;
  std::optional<std::int64_t> sessions_open;
  std::vector<std::pair<std::string, double>> metrics;  // numbers; what is null is not there

  /// The rule's metric; nothing when it is not there, or divided by 0.
  std::optional<double> value(const alert_rule& rule) const;
  /// The watermark at which the metric will not move any more but by what comes late: that of a five-minute
  /// window's end, when no session of it is open or the metric is not of sessions. A record that was made
  /// before may lack what came within `publish_interval` (milliseconds); `site` tells once more. Hours and
  /// days fill up window by window: they are complete when they are final. Nothing when a later record of the
  /// window must tell.
  std::optional<std::int64_t> complete_at(const alert_rule& rule, std::int64_t publish_interval) const;
};

/// Reads gold records as write_gold makes them. Keeps its buffers; not for two threads at once.
class gold_sample_reader {
 public:
  gold_sample_reader();
  ~gold_sample_reader();
  /// Nothing when the text is no gold record.
  std::optional<gold_sample> read(std::string_view json);

 private:
  struct parser;
  std::unique_ptr<parser> parser_;
};

}  // namespace weir
