#include "pipeline/users/user_life.hpp"

#include <algorithm>

#include "pipeline/session/wrapping.hpp"

namespace weir {

void user_life::add(const user_session& s) {
  const bool first = sessions == 0;
  if (first) first_seen = s.started_at, last_seen = s.ended_at;
  if (first || day_of(s.started_at) != day_of(last_start)) ++active_days;
  days.add(day_of(s.started_at) - day_of(first_seen));
  last_seen = std::max(last_seen, s.ended_at);
  last_start = s.started_at;
  ++sessions;
  page_views += s.page_views;
  conversions += s.converted;
  revenue = wrapping_add(revenue, s.revenue);
  identified = s.identified;
}

}  // namespace weir
