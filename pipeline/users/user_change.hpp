#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/kpi/contribution.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/users/user_attempts.hpp"
#include "pipeline/users/user_state.hpp"

namespace weir {

/// What a user came to before one session of theirs is added, changed or taken away: made before, `send`
/// after. Sends what is different, and only that, however many sessions the user has.
class user_change {
 public:
  user_change(const user_state& user, std::string_view site, const rules& r, const session_news& news);
  void send(const user_state& after, contributions& out) const;

 private:
  struct cohort {
    std::int64_t first_seen;
    active_day_set days;
    bool operator==(const cohort&) const = default;
  };
  /// A session that counts as a journey.
  struct counted {
    user_session session;
    bool first;  // of a life
  };
  using attempts = std::vector<std::vector<user_attempt>>;  // by funnel

  static std::vector<cohort> cohorts_of(const std::vector<told_life>& lives);
  /// From the first hit that changes on.
  attempts attempts_of(const user_state& user) const;
  void send_cohorts(const std::vector<cohort>& after, contributions& out) const;
  void send_journeys(const user_state& after, const std::vector<told_life>& lives, contributions& out) const;
  void send_attempts(const user_state& after, contributions& out) const;
  void count(const user_session& s, bool first, int sign, contributions& out) const;

  std::string_view site_;
  const rules& rules_;
  session_id changed_;      // the one that changes
  std::int64_t first_hit_;  // that it has, or had; or none
  std::vector<cohort> cohorts_;
  std::optional<counted> before_;  // the one that changes, if it is there
  std::vector<counted> firsts_;    // of lives, but for that one
  attempts attempts_;
};

}  // namespace weir
