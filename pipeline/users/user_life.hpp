#pragma once

#include <array>
#include <cstdint>

#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/users/user_session.hpp"

namespace weir {

/// What a user's sessions come to, from the first one to the last before a silence longer than
/// `users.retention`: who comes back after that is new again.
struct user_life {
  std::int64_t first_seen = 0, last_seen = 0;
  std::int64_t last_start = 0;  // of its last session
  std::uint64_t sessions = 0;
  std::uint64_t page_views = 0;
  std::uint64_t conversions = 0;  // sessions with one
  std::int64_t revenue = 0;       // 10^-6
  std::uint32_t active_days = 0;  // UTC, on which a session started
  active_day_set days;            // of them those that retention asks for, from the first on
  bool identified = false;        // its last session has a user_id
  bool operator==(const user_life&) const = default;

  /// Takes the next session in order.
  void add(const user_session& s);
  /// True when the next session in order still belongs to it.
  bool goes_on(const user_session& s, std::int64_t retention) const {
    return s.started_at - last_seen <= retention;
  }
};

}  // namespace weir
