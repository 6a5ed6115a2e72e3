#pragma once

#include <string_view>

#include "pipeline/event/event.hpp"
#include "pipeline/rules.hpp"
#include "pipeline/session/key_state.hpp"

namespace weir {

/// What the changes of one key's sessions send: contributions, records of weir.sessions and silver. Lives for
/// one message. Whoever changes a session that is counted calls `count_out` before and `count_in` after it.
class session_changes {
 public:
  session_changes(const session_name& name, const rules& r, effects& out)
      : name_(name), rules_(r), out_(out) {}

  /// Adds f(session), or takes it back.
  void count_in(const session& s) const;
  void count_out(const session& s) const;

  /// Takes back that an open session started, since it is a bot now.
  void count_out_start(const session& s) const;
  /// Tells `quality` of a bot: of its reasons when the verdict is new, and of how many events, not bots' when
  /// they came, became its events with this one.
  void tell_verdict(const session& s, bool is_new, std::uint64_t events_before, const stamp& at) const;

  /// Publishes a closed session as its next revision.
  void publish(session& s) const;
  /// Likewise after a change; `old_user` is whom it belonged to before.
  void publish(session& s, std::string_view old_user) const;
  /// Closes an open session: counts it fully and publishes it.
  void close(session& s) const;
  /// Takes a session that `into` takes in back from the KPIs and, if it was published, from weir.sessions.
  void withdraw(session& s, const session& into) const;

  /// The event's own contributions and its silver record.
  void send_event(const session& joined, const event& e, const stamp& at, bool amended) const;

  const session_name& name() const { return name_; }
  effects& out() const { return out_; }

 private:
  void write_silver_of(const session& joined, const event& e, const stamp& at) const;

  const session_name& name_;
  const rules& rules_;
  effects& out_;
};

}  // namespace weir
