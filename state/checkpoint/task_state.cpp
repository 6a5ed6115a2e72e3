#include "state/checkpoint/task_state.hpp"

#include <algorithm>

#include "pipeline/base/mutation.hpp"
#include "state/checkpoint/new_beginning.hpp"

namespace weir {

task_state::task_state(task_id id, checkpoint_rules settings, std::shared_ptr<task_store> store)
    : id_(std::move(id)), settings_(settings), store_(std::move(store)), table_(settings.max_bytes) {}

task_state::~task_state() = default;

// -- keys
// ------------------------------------------------------------------------------------------------------------

table_entry& task_state::entry(std::string_view key) {
  const auto [e, made] = table_.make(key, hash_of(key));
  if (e.spilled) e.erased = false;  // it is needed again
  if (!made || whole_index_) return e;
  if (const auto found = store_->get(key)) {
    const auto head = decode_stored(*found);
    e.stamp = holds(rule::stamps) ? head.stamp : 0;
    if (!head.tombstone && head.parts.empty()) table_.keep(e, head.bytes);
    e.spilled = !head.parts.empty();
  }
  return e;
}

std::string_view task_state::value(table_entry& e) {
  if (!e.spilled) return e.value.bytes();
  ++read_back_;
  const auto found = store_->get(e.key());
  if (!found) throw std::runtime_error(to_string(id_) + ": a value that left memory is not in the store");
  auto parts = read_value(*store_, e.key(), decode_stored(*found), scratch_);
  if (!parts.empty()) e.parts = std::make_unique<stored_parts>(std::move(parts));
  return scratch_.bytes;
}

void task_state::begin_live(table_entry& e, live_value& form) {
  table_.give_up(e);
  e.spilled = false;
  e.live = &form;
}

void task_state::end_live(table_entry& e) {
  scratch_.clear();
  const bool there = e.live->encode_value(scratch_);
  e.live = nullptr;
  table_.keep(e, there ? std::string_view(scratch_.bytes) : std::string_view(), scratch_.cuts);
}

void task_state::clear_value(table_entry& e) {
  value(e);  // its parts must be known to end with it
  table_.keep(e, {});
}

void task_state::make_room() {
  table_.make_room([this](const table_entry& e) { return written(e); });
}

table_entry& task_state::fresh(std::string_view key) {
  if (redo_) return entry(key);  // it may be a tombstone, whose stamp counts
  return table_.make(key, hash_of(key)).first;
}

bool task_state::has(const table_entry& e, std::int64_t offset) const { return redo_ && offset < e.stamp; }

void task_state::changed(table_entry& e, const digest& made) {
  if (!e.dirty()) {
    e.erased = false;
    e.since = holds(rule::aligned) ? boundary_ : next_;
    ++e.holds;
    queue_.emplace_back(e.since, &e);
    ++dirty_;
    dirty_at_boundary_ += e.since == boundary_;
  }
  e.owed += made;
  owed_by_keys_ += made;
  if (redo_) redone_ += made;
}

void task_state::keyless(const digest& made) {
  keyless_ += made;
  if (redo_) redone_ += made;
}

void task_state::tie(table_entry& a, table_entry& b) {
  if (!holds(rule::ties)) return;
  for (auto* e : {&a, &b})
    if (!e->ties) e->ties = std::make_unique<std::vector<table_entry*>>();
  if (std::find(a.ties->begin(), a.ties->end(), &b) != a.ties->end()) return;
  a.ties->push_back(&b);
  b.ties->push_back(&a);
}

bool task_state::written(const table_entry& e) const {
  return !e.dirty() && (!e.in_flight || !holds(rule::evict_committed));
}

bool task_state::settled(const table_entry& e) const { return written(e) && e.holds == 0 && !e.ties; }

bool task_state::drop(table_entry& e) {
  if (!settled(e) || e.live) return false;
  table_.erase(e);
  return true;
}

// -- redo
// ------------------------------------------------------------------------------------------------------------

bool task_state::pass_mark() {
  const auto m = marks_.front();
  marks_.pop_front();
  const bool same = clocks.w == m.clocks.w;
  if (holds(rule::ring_clocks)) clocks = m.clocks;
  add_boundary(m);
  return same;
}

/// One mark an offset, the last. While it is the redo point of dirty keys it keeps its time: without input,
/// too, they grow old.
void task_state::add_boundary(mark m) {
  if (!ring_.empty() && ring_.back().offset == m.offset && holds(rule::one_mark_an_offset)) {
    if (dirty_at_boundary_ > 0) m.wall = ring_.back().wall;
    ring_.pop_back();
  }
  ring_.push_back(m);
}

void task_state::set_boundary(std::int64_t offset) {
  if (offset != boundary_) dirty_at_boundary_ = 0;
  boundary_ = offset;
}

void task_state::end_mark() {
  set_boundary(ring_.back().offset);
  if (marks_.empty() && redo_) end_redo();
}

void task_state::end_redo() {
  redo_ = false;
  if (redone_ != owed_at_start_) ++divergences_;
}

// -- commit
// ----------------------------------------------------------------------------------------------------------

table_entry* task_state::oldest_dirty() {
  while (!queue_.empty()) {
    const auto [since, e] = queue_.front();
    if (e->since == since) return e;
    queue_.pop_front();
    release(*e);
  }
  return nullptr;
}

std::int64_t task_state::redo_from() const { return ring_.empty() ? next_ : ring_.front().offset; }

bool task_state::overdue(const table_entry& e, std::int64_t wall) const {
  // The boundary at its redo point is the last mark at or below it.
  auto at = std::upper_bound(ring_.begin(), ring_.end(), e.since,
                             [](std::int64_t since, const mark& m) { return since < m.offset; });
  if (at == ring_.begin()) return true;
  return wall - std::prev(at)->wall >= settings_.interval;
}

void task_state::take_group(table_entry& first, std::vector<table_entry*>& slice) {
  std::vector<table_entry*> todo{&first};
  while (!todo.empty()) {
    auto& e = *todo.back();
    todo.pop_back();
    if (const auto ties = std::exchange(e.ties, nullptr)) {
      for (auto* other : *ties) {
        std::erase(*other->ties, &e);
        if (other->ties->empty()) other->ties.reset();
        todo.push_back(other);
      }
    }
    if (!e.dirty()) continue;
    dirty_at_boundary_ -= e.since == boundary_;
    e.since = table_entry::clean;
    --dirty_;
    slice.push_back(&e);
  }
}

/// The oldest dirty keys: so many that each is written about once an interval, all that are overdue, those
/// that are to leave memory, and their ties.
std::vector<table_entry*> task_state::choose(std::int64_t wall, bool full) {
  full = full || settings_.interval == 0 || next_ - redo_from() > settings_.max_redo_records;
  const auto commits =
      std::max<std::int64_t>(1, settings_.interval / std::max<std::int64_t>(1, settings_.commit_interval));
  const auto share = full ? dirty_ : dirty_ / static_cast<std::size_t>(commits);
  std::vector<table_entry*> slice;
  while (auto* e = oldest_dirty()) {
    if (slice.size() >= share && !overdue(*e, wall)) break;
    take_group(*e, slice);
  }
  table_.for_each_leaving([&](table_entry& e) {
    if (e.dirty()) take_group(e, slice);
  });
  return slice;
}

void task_state::write(table_entry& e, task_commit& part) {
  owed_by_keys_ -= e.owed;
  e.owed = {};
  e.stamp = next_;
  e.in_flight = true;
  static const stored_parts none;
  const auto& before = e.parts ? *e.parts : none;
  if (encode_now(e)) {
    auto parts = write_value(e.key(), e.stamp, scratch_, before, part.changes);
    e.parts = parts.empty() ? nullptr : std::make_unique<stored_parts>(std::move(parts));
    return;
  }
  const bool met = dirty_ > 0 && holds(rule::tombstone_stamps);  // a redo may meet it
  write_end(e.key(), met ? std::optional(e.stamp) : std::nullopt, before, part.changes);
  if (met) tombstones_.push_back({e.stamp, std::string(e.key())});
  e.parts.reset();
}

/// Into `scratch_`; false when there is none.
bool task_state::encode_now(const table_entry& e) {
  scratch_.clear();
  if (e.live) return e.live->encode_value(scratch_);
  scratch_.bytes = e.value.bytes();
  e.value.read_cuts(scratch_.cuts);
  return !e.value.empty();
}

/// Stamped tombstones that no redo can meet become real ones.
void task_state::drop_tombstones(task_commit& part) {
  while (!tombstones_.empty() && tombstones_.front().stamp <= part.redo_from) {
    const auto stone = std::move(tombstones_.front());
    tombstones_.pop_front();
    auto* e = find(hash_of(stone.key));
    if (e && e->stamp != stone.stamp) continue;  // written again meanwhile
    part.changes.push_back({stone.key, std::nullopt});
  }
}

task_commit task_state::seal(std::int64_t wall, bool full) {
  task_commit part{id_, next_, 0, {}};
  add_boundary({next_, clocks, keyless_, wall});
  const auto slice = choose(wall, full);
  const auto* oldest = oldest_dirty();
  part.redo_from = oldest ? oldest->since : next_;
  while (ring_.size() > 1 && ring_[1].offset <= part.redo_from) ring_.pop_front();
  part.redo_from = std::min(part.redo_from, ring_.front().offset);
  part.changes.reserve(slice.size() + 1);
  for (auto* e : slice) write(*e, part);
  drop_tombstones(part);
  dead_.erase(dead_.begin(), dead_.lower_bound(ring_.front().offset));
  dead_keys_.erase(dead_keys_.begin(), dead_keys_.lower_bound({ring_.front().offset, {}}));
  std::string bytes;
  encode(record(), bytes);
  part.changes.push_back({std::string(epoch_key), encode_stored(next_, bytes)});
  set_boundary(next_);
  return part;
}

/// Of the marks since the redo point only those matter at which C was ahead of W or a timer failed, and the
/// last: elsewhere a session that is touched again closes by W before it is touched, and one that is not
/// closes at the next mark.
epoch_record task_state::record() const {
  epoch_record r;
  r.next = next_;
  for (std::size_t i = 0; i < ring_.size(); ++i) {
    const auto& m = ring_[i];
    const auto buried = dead_keys_.lower_bound({m.offset, {}});
    const bool buries = buried != dead_keys_.end() && buried->offset == m.offset;
    if (i == 0 || i + 1 == ring_.size() || m.clocks.c > m.clocks.w || buries) r.ring.push_back(m);
  }
  if (holds(rule::dead_list)) r.dead.assign(dead_.begin(), dead_.end());
  r.dead_keys.assign(dead_keys_.begin(), dead_keys_.end());
  r.owed = owed_by_keys_ + keyless_ - ring_.front().keyless;
  return r;
}

void task_state::committed(const task_commit& part, bool apply_to_store) {
  if (apply_to_store) store_->apply(part.changes);
  for (const auto& change : part.changes) {
    auto* e = is_part(change.key) ? nullptr : find(hash_of(change.key));
    if (!e) continue;
    e->in_flight = false;
    if (!change.value)
      forget_if_gone(*e);
    else if (written(*e))
      table_.settle(*e);
  }
}

/// The store has nothing of the key any more: if there is nothing new, it leaves the index.
void task_state::forget_if_gone(table_entry& e) {
  if (e.has_value() || e.dirty()) return;
  e.erased = true;
  if (e.holds == 0) table_.erase(e);
}

// -- recovery
// --------------------------------------------------------------------------------------------------------

void task_state::recover(std::int64_t committed, std::int64_t beginning) {
  table_.clear();
  queue_.clear();
  tombstones_.clear();
  marks_.clear();
  ring_.clear();
  dead_.clear();
  dead_keys_.clear();
  dirty_ = dirty_at_boundary_ = 0;
  owed_by_keys_ = {};
  redone_ = {};
  const auto found = store_->get(epoch_key);
  auto r = found ? decode_epoch_record(decode_stored(*found).bytes) : epoch_record();
  if (r.next != committed)
    throw refused(to_string(id_) + ": its state has taken in the input up to offset " +
                  std::to_string(r.next) + ", but the committed offset is " + std::to_string(committed) +
                  ". To give its state up: weir reset --topic " + id_.topic + " --partition " +
                  std::to_string(id_.partition));
  if (r.ring.empty()) r = begin_anew({}, found ? r.next : beginning, 0);
  if (!holds(rule::age_kept))
    for (auto& m : r.ring) m.wall = r.ring.back().wall;
  marks_.assign(r.ring.begin() + 1, r.ring.end());
  const auto& first = r.ring.front();
  ring_.push_back(first);
  next_ = boundary_ = first.offset;
  clocks = first.clocks;
  keyless_ = first.keyless;
  owed_at_start_ = r.owed;
  dead_.insert(r.dead.begin(), r.dead.end());
  dead_keys_.insert(r.dead_keys.begin(), r.dead_keys.end());
  end_ = r.next;
  redo_ = true;
}

table_entry& task_state::stub(std::string_view key, std::int64_t stamp) {
  auto& e = table_.make(key, hash_of(key)).first;
  e.stamp = holds(rule::stamps) ? stamp : 0;
  return e;
}

/// Every stored key; remembers tombstones.
void task_state::scan(const std::function<void(std::string_view, const stored_head&)>& visit) {
  store_->scan(first_value_key, [&](std::string_view key, std::string_view bytes) {
    const auto head = decode_stored(bytes);
    if (head.tombstone) tombstones_.push_back({head.stamp, std::string(key)});
    visit(key, head);
    return true;
  });
  std::stable_sort(tombstones_.begin(), tombstones_.end(),
                   [](const tombstone& a, const tombstone& b) { return a.stamp < b.stamp; });
}

void task_state::load(const std::function<bool(std::string_view, std::string_view)>& keep) {
  table_.keep_no_stubs();
  scan([&](std::string_view key, const stored_head& head) {
    if (!head.tombstone && keep(key, head.bytes)) table_.keep(stub(key, head.stamp), head.bytes);
  });
}

void task_state::load_index(const std::function<void(table_entry&, std::string_view)>& visit) {
  whole_index_ = true;
  scan([&](std::string_view key, const stored_head& head) {
    auto& e = stub(key, head.stamp);
    e.spilled = !head.tombstone;
    if (e.spilled) visit(e, head.bytes);
  });
}

}  // namespace weir
