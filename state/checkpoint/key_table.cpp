#include "state/checkpoint/key_table.hpp"

namespace weir {

std::pair<table_entry&, bool> key_table::make(std::string_view key, const hash128& hash) {
  auto& slot = entries_[hash];
  const bool made = !slot;
  if (made) slot = table_entry::make(key);
  return {*slot, made};
}

void key_table::erase(table_entry& e) {
  give_up(e);
  entries_.erase(hash_of(e.key()));
}

void key_table::clear() {
  resident_.clear();
  leaving_.clear();
  entries_.clear();
  kept_ = leaving_bytes_ = 0;
}

void key_table::keep(table_entry& e, std::string_view bytes, std::span<const parted_value::cut> cuts) {
  give_up(e);
  e.spilled = false;
  if (bytes.empty()) return;
  e.value.assign(bytes, cuts);
  kept_ += e.value.footprint();
  resident_.push_back(e, table_entry::place::resident);
}

void key_table::give_up(table_entry& e) {
  if (e.value.empty()) return;
  const auto size = e.value.footprint();
  kept_ -= size;
  if (e.where == table_entry::place::leaving) leaving_bytes_ -= size;
  entry_list::remove(e);
  e.value.clear();
}

void key_table::mark_leaving(table_entry& e) {
  entry_list::remove(e);
  leaving_.push_back(e, table_entry::place::leaving);
  leaving_bytes_ += e.value.footprint();
}

void key_table::spill(table_entry& e) {
  give_up(e);
  e.parts.reset();
  e.spilled = true;
  ++spilled_;
  if (stubs_) return;
  e.erased = true;
  if (e.holds == 0) erase(e);
}

}  // namespace weir
