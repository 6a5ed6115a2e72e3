#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/event/bot_signal.hpp"
#include "pipeline/event/dead_letter.hpp"
#include "pipeline/event/event.hpp"

namespace weir {

/// What was thought of an event's session when it had come.
struct silver_judgement {
  bool is_bot = false;
  signal_set reasons = 0;
};

/// What silver says of an event beside its fields.
struct silver_context {
  std::string_view session_key;  // empty when dropped as too late
  std::string_view late;         // "false", "true" or "dropped"
  std::int64_t received_at = 0;
  std::optional<silver_judgement> judgement = {};  // none when it joined no session
};

/// Appends the event as silver's flat JSON; with `reason` and `source` it is weir.late's. events.md,
/// "Silver". What would be longer than `max_bytes` loses the fields that are kept as JSON (properties,
/// metadata, ...), then the ends of long texts, and says `"truncated":true`.
void write_silver(const event& e, const silver_context& context, std::uint64_t max_bytes, std::string& out,
                  const record_source* too_late_from = nullptr);

}  // namespace weir
