#include "actors/session_actor.hpp"

#include <exception>

#include "actors/ingest_task.hpp"
#include "actors/prefetch.hpp"

namespace weir {

namespace {

template <class Sessions>
ingest_task::windows windows_of_open(const Sessions& sessions) {
  ingest_task::windows windows;
  for (const auto& s : sessions)
    if (!s.closed && !s.bot) windows.push_back(window_of(s.first));
  return windows;
}

}  // namespace

ingest_task::windows open_windows(const key_state& key) { return windows_of_open(key.sessions); }
ingest_task::windows open_windows(const key_outline& key) { return windows_of_open(key.sessions); }

session_actor::session_actor(caf::actor_config& config, ingest_task& task, table_entry& entry)
    : keyed_actor(config, entry), task_(task) {
  if (const auto value = task.state.value(entry); !value.empty()) key_ = decode_key_state(value);
  task.state.begin_live(entry, *this);
}

void session_actor::prefetch() const {
  constexpr std::size_t entry_bytes = 128;  // that are read in a batch
  if (!key_.sessions.empty()) weir::prefetch(key_.sessions.data(), sizeof(session));
  weir::prefetch(&entry_, entry_bytes);
}

bool session_actor::encode_value(parted_value& out) const {
  if (key_.empty()) return false;
  encode(key_, out);
  return true;
}

caf::behavior session_actor::make_behavior() {
  return {
      [this](const session_mail& mail) { take(mail); },
      [this](const timer_mail& mail) { fire(mail); },
      [this](const end_mail&) { quit(); },
  };
}

/// Runs a handler: what it makes is counted to this key, and a failure fails the epoch.
template <class Change>
void session_actor::change(Change&& what) {
  auto& lane = task_.lane();
  if (lane.failed) return;
  note_mail(lane);
  lane.enter(task_.state);
  const auto before = lane.made();
  const auto open_before = open_windows(key_);
  weir::effects out{lane.records(), lane.kpis, task_.state.id().partition};
  bool touched = false;
  try {
    touched = what(out);
  } catch (const std::exception& x) {
    lane.fail({task_.state.id(), at_,
               at_ == lane_failure::no_offset ? std::string(entry_.key()) : std::string(), x.what(),
               task_.state.redoing()});
  }
  task_.count_open(open_before, open_windows(key_));
  const auto made = lane.made() - before;
  if (!touched && made.count == 0) return;
  if (!task_.state.redoing()) {
    auto& counts = task_.counts.intake;
    counts.duplicates += out.duplicates, counts.late += out.late, counts.amended += out.amended;
    counts.closed += out.closed, counts.withdrawn += out.withdrawn;
  }
  task_.session_changed(*this, made);
}

void session_actor::take(const session_mail& mail) {
  const auto name = task_.name_of(entry_.key());
  const auto& life = task_.lane().life;
  change([&](weir::effects& out) {
    bool touched = false;
    for (const auto* arrived = mail.first; arrived; arrived = arrived->next) {
      at_ = arrived->at.offset;
      if (task_.state.has(entry_, at_)) continue;
      if (const auto& hook = task_.lane().before_handling) hook({task_.state.id(), entry_.key(), at_, id()});
      const auto w = arrived->at.watermark;
      life.advance(name, key_, task_.closing_clock(w), w, out);
      life.take(name, key_, arrived->e, arrived->at, out);
      touched = true;
    }
    return touched;
  });
}

void session_actor::fire(const timer_mail& mail) {
  const auto name = task_.name_of(entry_.key());
  at_ = lane_failure::no_offset;
  change([&](weir::effects& out) {
    if (const auto& hook = task_.lane().before_handling) hook({task_.state.id(), entry_.key(), at_, id()});
    const auto size = [this] { return key_.sessions.size() + key_.ids.size(); };
    const auto before = size();
    task_.lane().life.advance(name, key_, mail.clock, mail.watermark, out);
    return size() != before;
  });
}

std::string session_state_key(std::string_view site, std::string_view session_id) {
  std::string key;
  key.reserve(site.size() + 1 + session_id.size());
  key.append(site).append("|").append(session_id);
  return key;
}

session_name name_of(std::string_view topic, std::string_view state_key) {
  const auto bar = state_key.find('|');  // a site has none
  return {topic, state_key.substr(0, bar), state_key.substr(bar + 1)};
}

}  // namespace weir
