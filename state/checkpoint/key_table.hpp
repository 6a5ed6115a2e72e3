#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstdint>
#include <string_view>

#include "state/checkpoint/table_entry.hpp"

namespace weir {

/// The keys of a task in memory, by hash, and the bytes of their values within a budget. Which bytes may
/// leave, its owner knows. Beyond the budget the least recently used go: at once if they may, else they are
/// `leaving`, and go when `settle` is told that they may. Used by one thread.
class key_table {
 public:
  explicit key_table(std::size_t budget) : budget_(budget) {}

  table_entry* find(const hash128& hash) const {
    const auto found = entries_.find(hash);
    return found == entries_.end() ? nullptr : found->second.get();
  }
  /// From now on a key leaves with its value: whoever looks for it again asks the store.
  void keep_no_stubs() { stubs_ = false; }
  /// The key's entry, and whether it was made just now.
  std::pair<table_entry&, bool> make(std::string_view key, const hash128& hash);
  void erase(table_entry& e);
  void clear();
  std::size_t size() const { return entries_.size(); }
  template <class F>
  void for_each(F&& visit) {
    for (auto& [_, e] : entries_) visit(*e);
  }

  // -- values in memory
  /// The key's value is now in memory, as these bytes, and used last. No bytes: there is no value.
  void keep(table_entry& e, std::string_view bytes, std::span<const parted_value::cut> cuts = {});
  /// Gives the bytes up, wherever else the value is now, if anywhere.
  void give_up(table_entry& e);
  /// The bytes may leave: they do if they are to, and the entry may.
  void settle(table_entry& e) {
    if (e.where == table_entry::place::leaving) spill(e);
  }
  /// Brings the bytes that stay below the budget.
  template <class MayLeave>
  void make_room(const MayLeave& may_leave) {
    while (kept_ - leaving_bytes_ > budget_ && !resident_.empty()) {
      auto& e = resident_.front();
      if (may_leave(e))
        spill(e);
      else
        mark_leaving(e);
    }
  }
  /// Visits those that wait for their checkpoint to leave.
  template <class F>
  void for_each_leaving(F&& visit) {
    leaving_.for_each(visit);
  }
  /// Bytes of values in memory, those of live forms aside.
  std::size_t bytes() const { return kept_; }
  std::uint64_t spilled() const { return spilled_; }

 private:
  void mark_leaving(table_entry& e);
  void spill(table_entry& e);

  std::size_t budget_;
  bool stubs_ = true;
  absl::flat_hash_map<hash128, table_entry::owner> entries_;
  entry_list resident_, leaving_;
  std::size_t kept_ = 0, leaving_bytes_ = 0;
  std::uint64_t spilled_ = 0;  // values that left
};

}  // namespace weir
