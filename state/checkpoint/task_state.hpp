#pragma once

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
#include "state/checkpoint/key_table.hpp"
#include "state/store/task_store.hpp"

namespace weir {

/// Settings of checkpoints. config.md
struct checkpoint_rules {
  std::int64_t commit_interval = 200;            // milliseconds
  std::int64_t interval = 30'000;                // milliseconds; 0: every dirty key in every commit
  std::int64_t max_redo_records = 500'000;       // a full checkpoint is due beyond
  std::size_t max_bytes = std::size_t{1} << 40;  // of values in memory, those of live forms aside
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
  /// The key's entry; made when there is none in memory, with what the store has of it. With an index of all
  /// keys (`load_index`) a key that is not in memory is new, and costs no look at the store.
  table_entry& entry(std::string_view key);
  /// The entry of a key that is not in memory and known not to be stored: spares the look.
  table_entry& fresh(std::string_view key);
  /// The entry if it is in memory.
  table_entry* find(const hash128& hash) { return table_.find(hash); }
  /// The value of a key without a live form, from the store if it has left memory; empty when there is none.
  /// Valid until the next call.
  std::string_view value(table_entry& e);
  /// The live form has taken the value over.
  void begin_live(table_entry& e, live_value& form);
  /// The live form is about to end: its value goes back into the entry, and is used last.
  void end_live(table_entry& e);
  /// The key has no value any more.
  void clear_value(table_entry& e);
  /// Values beyond the budget leave memory, least recently used first: those that are in the store at once,
  /// the others are due for checkpoint at the next seal, and leave when it is committed.
  void make_room();
  /// True when the key has taken in this record already, as its stamp says: a redo skips it.
  bool has(const table_entry& e, std::int64_t offset) const;
  /// A handler has changed the key's value, or made outputs in its name.
  void changed(table_entry& e, const digest& made);
  /// Outputs that belong to no key: the reader's.
  void keyless(const digest& made);
  /// The two keys spoke to each other: they are written in one epoch.
  void tie(table_entry& a, table_entry& b);
  /// True when the key is clean and its checkpoint committed: the store has its value.
  bool written(const table_entry& e) const;
  /// True when nothing but a live form needs the key in memory.
  bool settled(const table_entry& e) const;
  /// Forgets a settled key that has no live form; it stays in the store.
  bool drop(table_entry& e);
  /// One of the entry's `holds` is over; the entry may be, too.
  void release(table_entry& e) {
    if (--e.holds == 0 && e.erased) table_.erase(e);
  }
  /// Visits every key in memory.
  template <class F>
  void for_each(F&& visit) {
    table_.for_each(visit);
  }
  std::size_t keys_in_memory() const { return table_.size(); }
  std::size_t bytes_in_memory() const { return table_.bytes(); }
  /// Values that left memory for want of room, and those that were read from the store since.
  std::uint64_t spilled() const { return table_.spilled(); }
  std::uint64_t read_back() const { return read_back_; }

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
  /// Whether the key's timer failed at this boundary.
  bool dead_here(std::string_view key) const {
    return !dead_keys_.empty() && dead_keys_.contains({next_, std::string(key)});
  }
  void add_dead_key(std::string_view key) { dead_keys_.insert({next_, std::string(key)}); }

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
  /// the task's committed offset; `beginning` where it begins when there is no record and no commit.
  void recover(std::int64_t committed, std::int64_t beginning = 0);

  /// After `recover`: takes every stored key into memory for which `keep(key, value)` says so; remembers
  /// tombstones. Others are looked up in the store when they are asked for, and leave memory with their
  /// values.
  void load(const std::function<bool(std::string_view key, std::string_view value)>& keep);
  /// The same for all keys, but no value stays in memory, and only heads are read: `visit` sees each once.
  /// From then on the index is whole.
  void load_index(const std::function<void(table_entry& e, std::string_view head)>& visit);

 private:
  struct tombstone {
    std::int64_t stamp;
    std::string key;
  };

  void add_boundary(mark m);
  void set_boundary(std::int64_t offset);
  std::vector<table_entry*> choose(std::int64_t wall, bool full);
  void take_group(table_entry& first, std::vector<table_entry*>& slice);
  void write(table_entry& e, task_commit& part);
  bool encode_now(const table_entry& e);
  void drop_tombstones(task_commit& part);
  bool overdue(const table_entry& e, std::int64_t wall) const;
  table_entry* oldest_dirty();
  epoch_record record() const;
  table_entry& stub(std::string_view key, std::int64_t stamp);
  void scan(const std::function<void(std::string_view key, const stored_head& head)>& visit);
  void forget_if_gone(table_entry& e);
  void end_redo();

  task_id id_;
  checkpoint_rules settings_;
  std::shared_ptr<task_store> store_;
  key_table table_;
  bool whole_index_ = false;  // a key that is not in the table is not in the store
  parted_value scratch_;      // the value that `value` read, or the one that is being encoded
  std::uint64_t read_back_ = 0;
  std::deque<std::pair<std::int64_t, table_entry*>> queue_;  // dirty keys by redo point; may hold clean ones
  std::deque<tombstone> tombstones_;                         // stored ones, by stamp
  std::size_t dirty_ = 0;
  digest owed_by_keys_;

  std::int64_t next_ = 0;
  std::int64_t boundary_ = 0;          // offset of the last commit boundary
  std::size_t dirty_at_boundary_ = 0;  // keys whose redo point it is
  std::deque<mark> ring_;
  std::deque<mark> marks_;  // of the record, still ahead of the redo
  digest keyless_;
  digest redone_, owed_at_start_;
  std::int64_t end_ = 0;
  bool redo_ = false;
  std::set<std::int64_t> dead_;
  std::set<dead_key> dead_keys_;
  std::uint64_t divergences_ = 0;
};

}  // namespace weir
