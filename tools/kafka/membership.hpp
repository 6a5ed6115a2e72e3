#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/lane_report.hpp"
#include "config/settings.hpp"
#include "state/log/kafka_announcer.hpp"
#include "state/log/weir_topics.hpp"

namespace weir {

/// A node announces itself again after so long, changed or not, milliseconds: one that has been silent for
/// three times that is gone.
inline constexpr std::int64_t announce_interval = 60'000;

/// Of the settings that decide what results mean: nodes of one job must have the same. 16 hexadecimal digits.
std::string config_hash(const settings& s);

/// Keeps this node's record on weir.members true: written when its lanes or tasks change and every minute,
/// ended when the node stops in good order. Used by one thread.
class membership {
 public:
  membership(const settings& s, const kafka_options& kafka, std::string http_address);
  /// Announces what has changed since.
  void announce(const std::vector<lane_report>& lanes, std::int64_t now);
  /// The node leaves in good order.
  void end();

 private:
  std::string text(const std::vector<lane_report>& lanes) const;

  const std::string node_, address_, config_;
  std::int64_t started_at_;
  kafka_announcer announcer_;
  std::string said_;
  std::int64_t said_at_ = 0;
};

}  // namespace weir
