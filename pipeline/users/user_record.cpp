#include "pipeline/users/user_record.hpp"

#include "pipeline/base/json_writer.hpp"
#include "pipeline/kpi/contribute_user.hpp"

namespace weir {

void end_user(std::string_view key, outbox& out) { out.put(output::users, -1, key, {}); }

void put_user(std::string_view key, const user_state& user, const rules& r, outbox& out) {
  const auto lives = lives_of(user, r);
  if (lives.empty()) return end_user(key, out);
  const auto& life = lives.back();
  const auto bar = key.find('|');  // a site has none
  out.begin(output::users, -1, key);
  json_writer json(out.value());
  json.begin_object().field("site_id", key.substr(0, bar)).field("user", key.substr(bar + 1));
  json.field("first_seen", life.first_seen).field("last_seen", life.last_seen);
  json.field("cohort_day", day_of(life.first_seen) * day_size);
  json.field("sessions", life.sessions).field("active_days", life.active_days);
  json.field("page_views", life.page_views).field("conversions", life.conversions);
  json.name("revenue").micros(life.revenue);
  json.field("journey_type", journey_type_of(life.identified, life.sessions == 1));
  json.field("journey_index", life.sessions).end_object();
  out.end();
}

}  // namespace weir
