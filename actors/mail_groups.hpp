#pragma once

#include <cstdint>
#include <vector>

#include "state/checkpoint/table_entry.hpp"

namespace weir {

/// What one batch has for each key, in order: an actor gets one message with all of its. `Arrived` has a
/// `next` of its own type. Used within one batch.
template <class Arrived>
class mail_groups {
 public:
  /// Puts it behind the others of its key. It must stay where it is until the mail is handled.
  void add(table_entry& e, Arrived& x) {
    x.next = nullptr;
    if (e.group == 0) {
      groups_.push_back({&e, &x, &x});
      e.group = static_cast<std::uint32_t>(groups_.size());
      return;
    }
    auto& last = groups_[e.group - 1].last;
    last->next = &x;
    last = &x;
  }

  /// send(entry, first) for each key, in the order of their first; then there are none.
  template <class Send>
  void hand_over(Send&& send) {
    for (auto& [entry, first, _] : groups_) {
      entry->group = 0;
      send(*entry, *first);
    }
    groups_.clear();
  }

 private:
  struct group {
    table_entry* entry;
    Arrived *first, *last;
  };
  std::vector<group> groups_;
};

}  // namespace weir
