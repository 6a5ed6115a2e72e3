#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/base/hash.hpp"
#include "pipeline/base/parted_value.hpp"
#include "state/checkpoint/stored_value.hpp"

namespace weir {

/// The live form of a key's value: what an actor holds while it is hot.
class live_value {
 public:
  virtual ~live_value() = default;
  /// Writes the value as it is now; returns false when there is nothing to keep: the key is deleted.
  virtual bool encode_value(parted_value& out) const = 0;
};

/// A value in one block of memory: a pointer, which is all that none takes.
class packed_value {
 public:
  bool empty() const { return !block_; }
  std::string_view bytes() const { return block_ ? std::string_view(begin(), sizes().bytes) : ""; }
  void read_cuts(std::vector<parted_value::cut>& cuts) const;
  void assign(std::string_view bytes, std::span<const parted_value::cut> cuts);
  void clear() { block_.reset(); }
  /// What it takes of the memory, with what the allocator adds.
  std::size_t footprint() const;

 private:
  struct header {
    std::uint32_t bytes, cuts;
  };
  header sizes() const {
    header h;
    std::memcpy(&h, block_.get(), sizeof h);
    return h;
  }
  const char* begin() const { return block_.get() + sizeof(header); }
  std::unique_ptr<char[]> block_;  // header, bytes, cuts
};

/// What an `entry_list` keeps in its members.
struct entry_links {
  entry_links *before = nullptr, *after = nullptr;
};

/// One key of a task in memory, with its key behind it in the same block: the stub that stays when the value
/// has left memory, so no byte is here without need. Belongs to its `key_table`.
struct table_entry : entry_links {
  /// In which list it is, by the whereabouts of its value.
  enum class place : std::uint8_t {
    nowhere,   // no value, or in the store alone
    live,      // with an actor: its task's list
    resident,  // its bytes are in memory: the table's list
    leaving    // the same; they go as soon as their checkpoint is committed
  };

  live_value* live = nullptr;  // the live form, if there is one
  packed_value value;          // while it is in memory and no live form holds it
  std::int64_t stamp = 0;      // the stored value has taken in all records below it
  std::int64_t since =
      clean;  // redo point: the commit boundary before its first change since its last checkpoint
  std::int64_t next_close = 0, next_forget = 0;            // deadlines of a session key, kept by its actor
  std::int64_t close_timer = unset, forget_timer = unset;  // what the timers' heaps hold for it
  digest owed;                                             // outputs since its last checkpoint
  std::unique_ptr<std::vector<table_entry*>> ties;         // keys to be written in the same epoch
  std::unique_ptr<stored_parts> parts;                     // what the store has of it besides the head
  std::uint32_t holds = 0;                                 // places that point here: queue, heaps
  std::uint32_t group = 0;                                 // the reader's, within one batch
  const std::uint32_t key_size;
  place where = place::nowhere;
  bool spilled = false;    // the value is in the store alone
  bool in_flight = false;  // its checkpoint is in the epoch in flight
  bool erased = false;     // nothing is left of it: it goes with the last of its holds

  static constexpr std::int64_t clean = -1;
  static constexpr std::int64_t unset = std::int64_t{1} << 62;
  bool dirty() const { return since != clean; }
  bool has_value() const { return live || !value.empty() || spilled; }
  std::string_view key() const { return {reinterpret_cast<const char*>(this + 1), key_size}; }

  struct free {
    void operator()(table_entry* e) const {
      e->~table_entry();
      ::operator delete(e);
    }
  };
  using owner = std::unique_ptr<table_entry, free>;
  static owner make(std::string_view key) {
    auto* at = ::operator new(sizeof(table_entry) + key.size());
    owner e(new (at) table_entry(static_cast<std::uint32_t>(key.size())));
    std::memcpy(static_cast<void*>(e.get() + 1), key.data(), key.size());
    return e;
  }
  table_entry(const table_entry&) = delete;

 private:
  explicit table_entry(std::uint32_t size) : key_size(size) {}
};

/// A list of entries, from the least to the most recently added. An entry is in one list at most.
class entry_list {
 public:
  entry_list() { clear(); }
  entry_list(const entry_list&) = delete;

  bool empty() const { return ends_.after == &ends_; }
  table_entry& front() { return static_cast<table_entry&>(*ends_.after); }
  void push_back(table_entry& e, table_entry::place where) {
    e.where = where;
    e.before = ends_.before;
    e.after = &ends_;
    ends_.before = e.before->after = &e;
  }
  static void remove(table_entry& e) {
    e.where = table_entry::place::nowhere;
    e.before->after = e.after;
    e.after->before = e.before;
  }
  /// Forgets its members, which must not be removed from it any more.
  void clear() { ends_.before = ends_.after = &ends_; }
  template <class F>
  void for_each(F&& visit) {
    for (auto* at = ends_.after; at != &ends_;) {
      auto& e = static_cast<table_entry&>(*at);
      at = at->after;
      visit(e);
    }
  }

 private:
  entry_links ends_;
};

}  // namespace weir
