#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "actors/lane_actor.hpp"
#include "actors/lane_context.hpp"
#include "state/checkpoint/task_state.hpp"

namespace weir {

/// The actor of one key of a task's state: the live form of its value.
///
/// Lifecycle: spawned by `live_actors` on the key's first mail, from the stored value if there is one; ended
/// when the key is gone or cold, its value going back into the table. Place: its lane's thread.
class keyed_actor : public lane_actor, public live_value {
 public:
  keyed_actor(caf::actor_config& config, table_entry& entry) : lane_actor(config), entry_(entry) {}

  table_entry& entry() { return entry_; }
  /// True when nothing is left of the value.
  virtual bool empty() const = 0;

 protected:
  /// Called at the begin of each handler: tells how cold an actor is.
  void note_mail(const lane_context& lane) { last_round_ = lane.round; }

  table_entry& entry_;

 private:
  friend class live_actors;
  caf::strong_actor_ptr keep_;      // held until it is ended
  std::uint64_t last_round_ = 0;    // when it last had mail
  std::uint64_t listed_round_ = 0;  // the same when it took its place in the list
};

/// The actors of a task's keys, at most so many at a quiet point: those that have had no mail for longest
/// end. Owned by its task, used on its lane's thread.
class live_actors {
 public:
  /// `ended` is told of each key whose actor was ended.
  live_actors(
      lane_context& lane, task_state& state, std::size_t most,
      std::function<void(table_entry&)> ended = [](table_entry&) {});

  /// The key's actor; spawns one as `Actor(config, task, entry)`.
  template <class Actor, class Task>
  Actor& of(table_entry& e, Task& task) {
    if (!e.live) {
      caf::strong_actor_ptr keep;
      auto* actor = lane_.spawn<Actor>(keep, task, e);
      add(*actor, std::move(keep));
    }
    return static_cast<Actor&>(*e.live);
  }
  /// The key's actor is to be ended at the next quiet point, if nothing has come to it by then.
  void end_if_empty(table_entry& e) { emptied_.push_back(&e); }

  /// Ends a key's actor; it has no mail.
  void end(table_entry& e);
  void end_all();
  /// At a quiet point: ends the empty and the cold.
  void quiet();

  std::size_t size() const { return size_; }

 private:
  void add(keyed_actor& actor, caf::strong_actor_ptr keep);
  void end_cold();

  lane_context& lane_;
  task_state& state_;
  const std::size_t most_;
  const std::function<void(table_entry&)> ended_;
  entry_list by_last_mail_;  // lazily
  std::size_t size_ = 0;
  std::vector<table_entry*> emptied_;
};

}  // namespace weir
