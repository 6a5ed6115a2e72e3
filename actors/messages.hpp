#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/config.hpp>
#include <caf/type_nr.hpp>

#include <cstdint>
#include <vector>

#include "pipeline/event/event.hpp"
#include "pipeline/kpi/contribution.hpp"
#include "pipeline/kpi/partial.hpp"
#include "pipeline/log/log.hpp"
#include "pipeline/users/user_session.hpp"

namespace weir {

/// Every message between actors of a lane, one struct each. They carry pointers into memory of the lane that
/// lives until its quiet point, so they never leave the lane's thread.

/// An accepted event on its way from a reader to its session.
struct arrived_event {
  event e;
  stamp at;
  const arrived_event* next = nullptr;  // of its session in this batch
};

/// What was published of a session, on its way from a reader to its user.
struct arrived_session {
  session_news news;
  std::int64_t offset = 0;
  const arrived_session* next = nullptr;  // of its user in this batch
};

/// lane -> reader, sessions reader, partials reader: a run of records of the reader's partition.
struct batch_mail {
  const record_chunk* chunk;
  std::size_t first, count;
};

/// reader -> session: its events of this batch, in partition order.
struct session_mail {
  const arrived_event* first;
};

/// sessions reader -> user: their sessions of this batch, in partition order.
struct user_mail {
  const arrived_session* first;
};

/// lane -> session: a timer is due: close by `clock` = C, forget by `watermark` = W.
struct timer_mail {
  std::int64_t clock, watermark;
};

/// lane -> KPI actor, partial tier: the contributions of this round.
struct contributions_mail {
  const contributions* round;
};

/// lane -> KPI actor, partial tier: write what you hold into the epoch and forget it.
struct flush_mail {};

/// partials reader -> KPI actor, final tier: deltas of its site, family and shard.
struct partial_mail {
  const partial_record* record;
  std::int64_t offset;
};

/// task -> KPI actor, final tier: before a commit: close and publish what is due.
struct window_clock_mail {
  std::int64_t wall;
};

/// lane -> any: end now. Only at a quiet point.
struct end_mail {};

}  // namespace weir

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::batch_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::session_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::user_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::timer_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::contributions_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::flush_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::partial_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::window_clock_mail)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(weir::end_mail)
