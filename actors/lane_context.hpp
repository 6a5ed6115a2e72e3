#pragma once

#include <caf/actor_cast.hpp>
#include <caf/actor_config.hpp>
#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/spawn_options.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "actors/lane_unit.hpp"
#include "actors/messages.hpp"
#include "pipeline/enrich/enricher.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/log/log.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/key_state.hpp"
#include "pipeline/session/traffic_source.hpp"
#include "state/checkpoint/task_state.hpp"

namespace weir {

/// What went wrong in a handler: which record (or whose timer) of which task.
struct lane_failure {
  task_id task;
  std::int64_t offset = no_offset;
  std::string key;  // of a timer that failed; else empty
  std::string cause;
  bool in_redo = false;

  static constexpr std::int64_t no_offset = -1;
};

/// An event or a timer that a session's actor is about to handle.
struct handling {
  const task_id& task;
  std::string_view key;  // of the session
  std::int64_t offset;   // of the event; of a timer `lane_failure::no_offset`
  caf::actor_id actor;
};

/// What all actors of one lane share. One thread: nothing is locked.
struct lane_context {
  lane_context(caf::actor_system& system, const rules& r, const traffic_sources& sources,
               shared_enrichment data)
      : unit(system),
        settings(r),
        enrichment(r, std::move(data)),
        life(r, sources),
        filling(std::make_unique<epoch>()) {
    kpis.only(r.kpi.families);
  }

  lane_unit unit;
  const rules& settings;
  enricher enrichment;
  session_life life;
  std::unique_ptr<epoch> filling;  // the epoch being filled
  contributions kpis;              // of this round
  std::optional<lane_failure> failed;
  std::uint64_t round = 0;  // rounds of the loop: how cold an actor is
  std::int64_t wall = 0;    // wall clock of this round, milliseconds: for nothing that a redo must make again
  /// In tests: called before each event and timer of a session is handled; may throw.
  std::function<void(const handling&)> before_handling;

  outbox& records() { return filling->outputs; }
  /// All that handlers have made so far: read it before and after.
  digest made() { return records().made() + kpis.made(); }
  /// A handler of this task begins: in redo its outputs are counted and dropped.
  void enter(const task_state& task) {
    records().drop(task.redoing());
    kpis.drop(task.redoing());
  }
  /// Remembers the first failure: the epoch will be dropped.
  void fail(lane_failure what) {
    if (!failed) failed = std::move(what);
  }

  /// Spawns an actor on this lane. The caller keeps it alive.
  template <class Actor, class... Ts>
  Actor* spawn(caf::strong_actor_ptr& keep, Ts&&... xs) {
    caf::actor_config config{&unit};
    auto handle =
        unit.system().spawn_class<Actor, caf::hidden + caf::lazy_init>(config, std::forward<Ts>(xs)...);
    keep = caf::actor_cast<caf::strong_actor_ptr>(handle);
    return static_cast<Actor*>(caf::actor_cast<caf::abstract_actor*>(keep));
  }
  /// Sends mail to an actor of this lane.
  template <class Message>
  void send(caf::abstract_actor& to, Message&& mail) {
    to.enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {}, std::forward<Message>(mail)),
               &unit);
  }
};

}  // namespace weir
