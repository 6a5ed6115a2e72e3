#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/log/log.hpp"
#include "state/checkpoint/epoch_record.hpp"
#include "state/store/task_store.hpp"

namespace weir {

/// The live form of a key's value: what an actor holds while it is hot.
class live_value {
 public:
  virtual ~live_value() = default;
  /// Appends the value as it is now; returns false when there is nothing to keep: the key is deleted.
  virtual bool encode_value(std::string& out) const = 0;
};

/// One key of a task in memory. Belongs to its `task_state`.
struct table_entry {
  std::string key;
  std::string bytes;           // the value, while no live form holds it; empty: none
  live_value* live = nullptr;  // the live form, if there is one
  std::int64_t stamp = 0;      // the stored value has taken in all records below it
  std::int64_t since =
      clean;  // redo point: the commit boundary before its first change since its last checkpoint
  std::int64_t next_close = 0, next_forget = 0;            // deadlines of a session key, kept by its actor
  std::int64_t close_timer = unset, forget_timer = unset;  // what the timers' heaps hold for it
  digest owed;                                             // outputs since its last checkpoint
  std::uint32_t holds = 0;                                 // places that point here: queue, heaps
  std::uint32_t group = 0;                                 // the reader's, within one batch
  bool in_flight = false;                                  // its checkpoint is in the epoch in flight
  std::vector<table_entry*> ties;                          // keys to be written in the same epoch

  static constexpr std::int64_t clean = -1;
  static constexpr std::int64_t unset = std::int64_t{1} << 62;
  bool dirty() const { return since != clean; }
};

/// Settings of checkpoints. config.md
struct checkpoint_rules {
  std::int64_t commit_interval = 200;       // milliseconds
  std::int64_t interval = 30'000;           // milliseconds; 0: every dirty key in every commit
  std::int64_t max_redo_records = 500'000;  // a full checkpoint is due beyond
};

/// The keyed state of one task, with stamps, checkpoints in slices and redo: ../shared/model's Task without
/// its handlers. Knows nothing of sessions or windows. Used by the lane that owns the task, by no other
/// thread.
///
/// A life: `recover` once; then, for each record or run of records, handlers change live values and tell
/// `changed`; `seal` makes the changes of one commit. In redo (`redoing`), `next_mark` says how far to read
/// before calling `pass_mark`.
class task_state {
 public:
  task_state(task_id id, checkpoint_rules settings, std::shared_ptr<task_store> store);
  task_state(const task_state&) = delete;
  ~task_state();

  const task_id& id() const { return id_; }
  task_store& store() { return *store_; }

  // -- keys
  // --------------------------------------------------------------------------------------------------------
  /// The key's entry, from memory or the store; made when there is none.
  table_entry& entry(std::string_view key);
  /// The same with the hash at hand.
  table_entry& entry(std::string_view key, const hash128& hash);
  /// The entry of a key that is not in memory and known not to be stored: spares the look.
  table_entry& fresh(std::string_view key);
  /// The entry if it is in memory.
  table_entry* find(const hash128& hash);
  /// True when the key has taken in this record already, as its stamp says: a redo skips it.
  bool has(const table_entry& e, std::int64_t offset) const;
  /// A handler has changed the key's value, or made outputs in its name.
  void changed(table_entry& e, const digest& made);
  /// Outputs that belong to no key: the reader's.
  void keyless(const digest& made);
  /// The two keys spoke to each other: they are written in one epoch.
  void tie(table_entry& a, table_entry& b);
  /// True when nothing but a live form needs the key in memory: it is clean, and its checkpoint is committed.
  bool settled(const table_entry& e) const;
  /// Forgets a settled key that has no live form; it stays in the store.
  bool drop(table_entry& e);
  /// Visits every key in memory.
  template <class F>
  void for_each(F&& visit) {
    for (auto& [_, e] : table_) visit(*e);
  }
  std::size_t keys_in_memory() const { return table_.size(); }

  // -- input
  // -------------------------------------------------------------------------------------------------------
  std::int64_t next() const { return next_; }
  void set_next(std::int64_t offset) { next_ = offset; }
  task_clocks clocks;

  bool redoing() const { return redo_; }
  /// Where the redo ends: the record's next offset.
  std::int64_t redo_end() const { return end_; }
  /// In redo: the offset of the next boundary, where reading must stop for `pass_mark`.
  std::int64_t next_mark() const { return marks_.empty() ? end_ : marks_.front().offset; }
  /// In redo, at `next_mark`: sets the clocks as they were there. Then fire timers, then call `end_mark`.
  /// Returns false when W is not what it was.
  bool pass_mark();
  /// After the timers of a mark. Ends the redo after the last one.
  void end_mark();
  /// Redos whose outputs were not what the record says.
  std::uint64_t divergences() const { return divergences_; }

  /// Offsets that are `internal_error` dead letters.
  bool dead(std::int64_t offset) const { return dead_.contains(offset); }
  void add_dead(std::int64_t offset) { dead_.insert(offset); }
  bool dead_key(std::string_view key) const { return dead_keys_.contains(std::string(key)); }
  void add_dead_key(std::string_view key) { dead_keys_.emplace(key); }

  // -- commit
  // ------------------------------------------------------------------------------------------------------
  /// Closes the task's part of an epoch at `next()`: a slice of the dirty keys, all of them if `full`, and
  /// the epoch record. Call after clocks have moved and due timers have fired.
  task_commit seal(std::int64_t wall, bool full);
  /// The epoch with that part was committed: its changes are in the log.
  void committed(const task_commit& part, bool apply_to_store);
  /// Lowest offset that a recovery would read again.
  std::int64_t redo_from() const;
  std::size_t dirty_keys() const { return dirty_; }
  std::size_t marks() const { return ring_.size(); }
  std::size_t tombstones() const { return tombstones_.size(); }

  // -- recovery
  // ----------------------------------------------------------------------------------------------------
  /// Thrown when the state and the committed offset do not meet.
  struct refused : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  /// Sets everything as the epoch record in the store says; the caller has restored the store. `committed` is
  /// the task's committed offset.
  void recover(std::int64_t committed);

  /// After `recover`: takes every stored key into memory for which `keep(key, value)` says so; remembers
  /// tombstones.
  void load(const std::function<bool(std::string_view key, std::string_view value)>& keep);

  /// Splits a stored value: its stamp, and the value (nothing for a tombstone).
  static std::pair<std::int64_t, std::optional<std::string_view>> split(std::string_view stored);

 private:
  struct tombstone {
    std::int64_t stamp;
    std::string key;
  };

  void add_boundary(const mark& m);
  std::vector<table_entry*> choose(std::int64_t wall, bool full);
  void take_group(table_entry& first, std::vector<table_entry*>& slice, std::int64_t wall);
  void write(table_entry& e, task_commit& part);
  void drop_tombstones(task_commit& part);
  bool overdue(const table_entry& e, std::int64_t wall) const;
  table_entry* oldest_dirty();
  epoch_record record() const;
  void end_redo();

  task_id id_;
  checkpoint_rules settings_;
  std::shared_ptr<task_store> store_;
  absl::flat_hash_map<hash128, std::unique_ptr<table_entry>> table_;
  std::deque<std::pair<std::int64_t, table_entry*>> queue_;  // dirty keys by redo point; may hold clean ones
  std::deque<tombstone> tombstones_;                         // stored ones, by stamp
  std::size_t dirty_ = 0;
  digest owed_by_keys_;

  std::int64_t next_ = 0;
  std::int64_t boundary_ = 0;  // offset of the last commit boundary
  std::deque<mark> ring_;
  std::deque<mark> marks_;  // of the record, still ahead of the redo
  digest keyless_;
  digest redone_, owed_at_start_;
  std::int64_t end_ = 0;
  bool redo_ = false;
  std::set<std::int64_t> dead_;
  std::set<std::string> dead_keys_;
  std::uint64_t divergences_ = 0;
};

}  // namespace weir
