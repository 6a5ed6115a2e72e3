#include "actors/user_actor.hpp"

#include <exception>

#include "actors/users_task.hpp"
#include "pipeline/users/user_record.hpp"

namespace weir {

user_actor::user_actor(caf::actor_config& config, users_task& task, table_entry& entry)
    : keyed_actor(config, entry), task_(task) {
  if (const auto value = task.state.value(entry); !value.empty()) user_ = decode_user_state(value);
  task.state.begin_live(entry, *this);
}

bool user_actor::encode_value(parted_value& out) const {
  if (user_.empty()) return false;
  encode(user_, out);
  return true;
}

caf::behavior user_actor::make_behavior() {
  return {
      [this](const user_mail& mail) { take(mail); },
      [this](const end_mail&) { quit(); },
  };
}

void user_actor::take(const user_mail& mail) {
  auto& lane = task_.lane();
  note_mail(lane);
  lane.enter(task_.state);
  for (const auto* arrived = mail.first; arrived && !lane.failed; arrived = arrived->next) {
    try {
      if (!task_.state.has(entry_, arrived->offset)) take(*arrived);
    } catch (const std::exception& x) {
      lane.fail({task_.state.id(), arrived->offset, {}, x.what(), task_.state.redoing()});
    }
  }
}

void user_actor::take(const arrived_session& arrived) {
  auto& lane = task_.lane();
  if (const auto& hook = lane.before_handling) hook({task_.state.id(), entry_.key(), arrived.offset, id()});
  const auto before = lane.made();
  const auto key = user_of_state_key(entry_.key());
  settle(user_, lane.settings, task_.horizon());
  if (!weir::take(user_, arrived.news, key.substr(0, key.find('|')), lane.settings, lane.kpis)) return;
  const auto added = lane.made() - before;
  put_user(key, user_, lane.settings, lane.records());
  // The end of a record is not owed (users_task::forget), nor what stands where there may have been one.
  const bool owed =
      !arrived.news.withdrawn || !may_be_forgotten(user_, arrived.news.session.started_at, lane.settings);
  task_.user_changed(entry_, user_, owed ? lane.made() - before : added);
}

std::string user_state_key(std::string_view record_key) {
  std::string key(1, user_key_prefix);
  return key.append(record_key);
}

}  // namespace weir
