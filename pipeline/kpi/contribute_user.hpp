#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "pipeline/kpi/contribution.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/funnel_attempt.hpp"

namespace weir {

/// What the users stage adds to the KPIs, a piece each. kpis.md, "Users stage".

inline constexpr std::int64_t day_size = 86'400'000;
/// The number of the day, UTC, that a time lies in.
constexpr std::int64_t day_of(std::int64_t time) { return time / day_size - (time % day_size < 0 ? 1 : 0); }

/// The last day, counted from the first one, that retention asks for: the end of w12.
inline constexpr std::int64_t last_cohort_day = 90;

/// A bitmap of the days on which a user came, counted from the first one.
class active_day_set {
 public:
  /// Days beyond `last_cohort_day` are passed over.
  void add(std::int64_t day) {
    if (day >= 0 && day <= last_cohort_day) bits[static_cast<std::size_t>(day / 64)] |= 1ULL << day % 64;
  }
  bool has(std::int64_t day) const { return bits[static_cast<std::size_t>(day / 64)] >> day % 64 & 1; }
  /// Any of the days `first` to `last`.
  bool any(std::int64_t first, std::int64_t last) const {
    for (auto day = first; day <= last; ++day)
      if (has(day)) return true;
    return false;
  }
  bool operator==(const active_day_set&) const = default;
  std::array<std::uint64_t, 2> bits{};
};

/// A user's first session, in `site`.
void contribute_new_visitor(std::string_view site, std::int64_t first_seen, contributions& out);

/// A user in the cohort of their first day.
void contribute_cohort(std::string_view site, std::int64_t first_seen, const active_day_set& days,
                       contributions& out);

/// A closed session of a user as a journey.
struct journey {
  std::int64_t started_at = 0, duration = 0;  // milliseconds
  std::string_view type;                      // as `journey_type_of`
  bool engaged = false, converted = false, lingered = false;
  std::uint32_t page_views = 0;
};
/// `authenticated_user`, `returning_visitor`, `new_visitor`.
std::string_view journey_type_of(bool identified, bool first);
void contribute_journey(std::string_view site, const journey& j, contributions& out);

/// An attempt at a funnel, session's or user's, in the window of its first step.
void contribute_attempt(std::string_view site, std::int64_t window, const funnel& f,
                        const funnel_attempt& attempt, contributions& out);

}  // namespace weir
