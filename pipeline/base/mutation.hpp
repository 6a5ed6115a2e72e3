#pragma once

#include <string_view>

namespace weir {

/// Rules of clocks and recovery that a test build (WEIR_MUTATIONS) can switch off one at a time, to see the
/// simulation notice. In every other build they cannot be switched off, and cost nothing.
enum class rule {
  none,
  stamps,              // a redo skips what a key's stamp says it has
  tombstone_stamps,    // a deleted key keeps its stamp until no redo can meet it
  aligned,             // a redo begins at a commit boundary
  c_at_commits,        // C moves at commits only
  ring_clocks,         // a redo sets C as the epoch record says
  timers_before,       // due timers fire before a commit, not after it
  order,               // fence before reading
  dead_list,           // the epoch record names internal_error offsets
  dead_live_only,      // a failure in redo repeats the recovery instead of making a dead letter
  evict_committed,     // only keys whose checkpoint is committed leave memory
  ties,                // keys that spoke to each other are written together
  unpublished_kept,    // a window's value says whether it holds something unpublished
  forget_by_w,         // windows are forgotten by W, not by C
  idle_without_event,  // a partition without W reports the wall clock
  one_mark_an_offset,  // the ring holds one mark an offset
  open_kept,           // no session is forgotten before it is closed
  user_follows,        // a session's user is that of its earliest event, at every revision
  age_kept,            // a redo makes no key young
  user_clocks          // users tasks pass on the clocks of their sources
};

/// The rule's name on the command line of the simulation.
std::string_view to_string(rule r);
/// By name; `none` when there is no such rule.
rule find_rule(std::string_view name);

#ifdef WEIR_MUTATIONS
void switch_off(rule r);
bool holds(rule r);
#else
constexpr bool holds(rule) { return true; }
#endif

}  // namespace weir
