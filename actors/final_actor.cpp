#include "actors/final_actor.hpp"

#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "actors/kpi_task.hpp"
#include "pipeline/base/mutation.hpp"
#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/retention.hpp"

namespace weir {

namespace {

constexpr std::int64_t rollup_publish_interval = 300'000;  // kpis.md: at most every five minutes

bool hidden(const std::array<std::string_view, 3>& key) {
  return key[0] == late_marker || key[1] == page_marker;
}

std::uint8_t site_slot(std::string_view name) {
  const auto names = definition(family::site).sums;
  return static_cast<std::uint8_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

std::int64_t sessions_open(const cell& site) {
  static const auto started = site_slot("sessions_started"), closed = site_slot("sessions_closed");
  return site.sum(started) - site.sum(closed);
}

/// A key's place in its window; `scratch` spares an allocation.
hash128 place_of(const std::array<std::string_view, 3>& key, std::string& scratch) {
  scratch.clear();
  for (auto part : key) scratch.append(part).push_back('\x1f');
  return hash_of(scratch);
}

}  // namespace

/// One cell in memory: the live form of its state.
struct final_actor::live_cell : live_value {
  live_cell(task_state& state, table_entry& e) : entry(e), name(parse_cell_state_key(e.key())) {
    if (const auto bytes = state.value(e); !bytes.empty()) value = window_cell::decode(bytes);
    state.begin_live(e, *this);
  }
  ~live_cell() override { entry.live = nullptr; }
  bool encode_value(parted_value& out) const override {
    if (holds(rule::unpublished_kept)) return value.encode(out.bytes), true;
    auto published = value;
    published.changed = false;
    return published.encode(out.bytes), true;
  }

  table_entry& entry;
  cell_name name;  // points into the entry's key
  window_cell value;
  bool listed = false;  // in its window's list of changed cells
};

struct final_actor::window {
  static constexpr unsigned not_told = ~0U;
  span_of_time span;
  unsigned told_shares = not_told;    // of retention, by this actor
  bool told_passed = false;           // that the watermark is behind it, by this actor
  std::vector<span_of_time> rollups;  // of a five-minute window
  bool events_final = false, final = false, capped = false;
  bool seen = false;  // a tick has set the flags
  absl::flat_hash_map<hash128, std::unique_ptr<live_cell>> cells;
  live_cell* late = nullptr;  // counts the late events, once there are any
  std::vector<live_cell*> changed;
  const live_cell* unsettled = nullptr;  // one that was, when it was last looked at
};

final_actor::final_actor(caf::actor_config& config, kpi_task& task, std::string site, family fam,
                         unsigned shard)
    : lane_actor(config),
      task_(task),
      site_(std::move(site)),
      family_(fam),
      shard_(shard),
      timezone_(task.lane().settings.site(site_).timezone),
      max_keys_(
          std::max<std::size_t>(1, task.lane().settings.kpi.max_keys /
                                       (definition(fam).sharded ? task.lane().settings.kpi.shards : 1))) {}

final_actor::~final_actor() = default;

/// Runs a handler: a failure fails the epoch, never the actor.
template <class Handler>
void final_actor::guarded(Handler&& handler, std::int64_t offset) {
  auto& lane = task_.lane();
  if (lane.failed) return;
  lane.enter(task_.state);
  try {
    handler();
  } catch (const std::exception& x) {
    lane.fail({task_.state.id(), offset, {}, x.what(), task_.state.redoing()});
  }
}

caf::behavior final_actor::make_behavior() {
  return {
      [this](const partial_mail& mail) { guarded([&] { take(mail); }, mail.offset); },
      [this](const window_clock_mail& mail) { guarded([&] { tick(mail); }); },
      [this](const end_mail&) {
        windows_.clear();
        quit();
      },
  };
}

// -- cells
// -----------------------------------------------------------------------------------------------------------

/// What a window of weir.partials stands for: five minutes; in retention, the day of a cohort.
span_of_time final_actor::span_of(std::int64_t start) const {
  if (family_ == family::retention) return {granularity::day, start, start + day_size};
  return {granularity::five_minutes, start, start + window_size};
}

final_actor::window& final_actor::window_at(const span_of_time& span) {
  auto& slot = windows_[{span.size, span.start, span.end}];
  if (slot) return *slot;
  slot = std::make_unique<window>();
  auto& w = *slot;
  w.span = span;
  if (span.size == granularity::five_minutes) w.rollups = rollups_of(span.start, timezone_);
  load_stored(w);
  return w;
}

/// All cells of a window, whose records show each other: it may have left memory, or be taken back after a
/// recovery.
void final_actor::load_stored(window& w) {
  const auto prefix = cell_state_key_prefix({w.span, family_, shard_, site_, {}});
  std::vector<std::string> keys;
  task_.state.store().scan(prefix, [&](std::string_view key, std::string_view bytes) {
    if (!key.starts_with(prefix)) return false;
    if (!decode_stored(bytes).tombstone) keys.emplace_back(key);
    return true;
  });
  for (const auto& key : keys) cell_of(w, task_.state.entry(key));
}

final_actor::live_cell& final_actor::cell_of(window& w, table_entry& entry) {
  const auto name = parse_cell_state_key(entry.key());
  auto& slot = w.cells[place_of(name.key, scratch_)];
  if (slot) return *slot;
  slot = std::make_unique<live_cell>(task_.state, entry);
  if (name.key[0] == other_key) w.capped = true;
  if (name.key[0] == late_marker) w.late = slot.get();
  w.events_final = w.events_final || slot->value.told_events_final;
  w.final = w.final || slot->value.told_final;
  if (slot->value.changed) list(w, *slot);
  return *slot;
}

final_actor::live_cell& final_actor::cell_at(window& w, const std::array<std::string_view, 3>& key) {
  const auto found = w.cells.find(place_of(key, scratch_));
  if (found != w.cells.end()) return *found->second;
  const bool over = w.cells.size() >= max_keys_ && !hidden(key) && key_parts[std::size_t(family_)] > 0;
  if (over && key[0] != other_key) {
    std::array<std::string_view, 3> rest{};
    std::fill_n(rest.begin(), key_parts[std::size_t(family_)], other_key);
    return cell_at(w, rest);
  }
  // What is stored of a window is in memory with it.
  return cell_of(w, task_.state.fresh(cell_state_key({w.span, family_, shard_, site_, key})));
}

void final_actor::adopt(table_entry& entry, const cell_name& name) { cell_of(window_at(name.window), entry); }

void final_actor::list(window& w, live_cell& c) {
  c.value.changed = true;
  if (!std::exchange(c.listed, true)) w.changed.push_back(&c);
}

// -- deltas
// ----------------------------------------------------------------------------------------------------------

void final_actor::take(const partial_mail& mail) {
  for (const auto& delta : mail.record->deltas) {
    auto& w = window_at(span_of(delta.window));
    add(w, cell_at(w, delta.key), delta.data, mail.offset);
  }
  for (const auto& late : mail.record->late) {
    auto& w = window_at(span_of(late.window));
    cell count;
    count.sums.assign(1, late.events);
    add(w, cell_at(w, {late_marker}), count, mail.offset);
  }
}

void final_actor::add(window& w, live_cell& c, const cell& delta, std::int64_t offset) {
  if (task_.state.has(c.entry, offset)) return;
  c.value.data.merge(delta);
  changed(w, c);
  if (c.value.fed) feed(w, c, delta);
}

void final_actor::changed(window& w, live_cell& c) {
  task_.state.changed(c.entry, {});
  list(w, c);
}

/// Gives a closed window's data, or what comes after it closed, to its hour and days. Both are then written
/// together.
void final_actor::feed(window& w, live_cell& c, const cell& delta) {
  for (const auto& span : w.rollups) {
    auto& up = window_at(span);
    auto& to = cell_at(up, c.name.key);
    to.value.data.merge(delta);
    changed(up, to);
    task_.state.tie(c.entry, to.entry);
  }
}

// -- closing and publishing
// ------------------------------------------------------------------------------------------

void final_actor::tick(const window_clock_mail& now) {
  const auto& kpi = task_.lane().settings.kpi;
  // In replay no one watches: what closes is published, and that alone.
  const bool time = task_.live() && now.wall >= next_publish_;
  const bool rollup_time = task_.live() && now.wall >= next_rollup_publish_;
  if (time)
    next_publish_ = now.wall + (family_ == family::site ? kpi.site_publish_interval : kpi.publish_interval);
  if (rollup_time) next_rollup_publish_ = now.wall + rollup_publish_interval;
  for (auto& [id, w] : windows_) {
    close(*w);
    const bool due = std::get<0>(id) == granularity::five_minutes ? time : rollup_time;
    if (due || w->final) publish(*w);
  }
}

/// Sets the window's halves as the clocks have them; what they change must be published.
void final_actor::close(window& w) {
  const bool events_final = w.events_final || task_.events_complete(family_, w.span.end);
  const bool final = w.final || task_.complete(family_, w.span.end);
  const bool news = !w.seen || events_final != w.events_final || final != w.final;
  w.events_final = events_final;
  w.final = final;
  w.seen = true;
  if (family_ == family::retention) tell_shares(w);
  if (family_ == family::site && !events_final) tell_passed(w);
  if (!news) return;
  for (auto& [_, c] : w.cells) {
    if (c->value.told_events_final == events_final && c->value.told_final == final && c->value.told) continue;
    if (!events_final && !final) continue;
    task_.state.changed(c->entry, {});
    list(w, *c);
  }
  if (events_final) publish(w);
}

/// A cohort's record says more with the days. Told again after a recovery, which changes nothing.
void final_actor::tell_shares(window& w) {
  const auto shares = retention_told(w.span.end, task_.clocks().w);
  if (std::exchange(w.told_shares, shares) != shares && (task_.live() || w.final)) publish_all(w);
}

/// A site's record says when the lowest watermark has passed its window, though nothing else may come: alerts
/// judge by it. Told again after a recovery.
void final_actor::tell_passed(window& w) {
  if (!task_.live() || w.told_passed || task_.clocks().w < w.span.end) return;
  w.told_passed = true;
  publish_all(w);
}

/// Cells whose records show a hidden cell that has changed are to be published, too.
void final_actor::list_showing(window& w) {
  bool all = false;
  absl::flat_hash_set<std::string_view> pages;
  for (const auto* c : w.changed) {
    const auto& key = c->name.key;
    if (key[0] == late_marker) all = true;
    if (key[1] == page_marker) pages.insert(key[0]);
  }
  if (!all && pages.empty()) return;
  for (auto& [_, c] : w.cells)
    if (all || pages.contains(c->name.key[0])) list(w, *c);
}

void final_actor::publish_all(window& w) {
  for (auto& [_, c] : w.cells) list(w, *c);
  publish(w);
}

void final_actor::publish(window& w) {
  list_showing(w);
  // Feeding and publishing may list further cells of other windows, never of this one.
  for (auto* c : std::exchange(w.changed, {})) {
    c->listed = false;
    task_.state.changed(c->entry, {});
    if (w.final && !c->value.fed && !w.rollups.empty()) {
      c->value.fed = true;
      feed(w, *c, c->value.data);
    }
    publish_cell(w, *c);
  }
}

void final_actor::publish_cell(window& w, live_cell& c) {
  auto& v = c.value;
  v.changed = false;
  v.told_events_final = w.events_final;
  v.told_final = w.final;
  v.told = true;
  if (hidden(c.name.key))
    return;  // zeros are published, too: before a crash there may have been another value
  gold_record g;
  g.fam = family_;
  g.site = site_;
  g.size = w.span.size;
  g.start = w.span.start;
  g.end = w.span.end;
  g.key = c.name.key;
  g.revision = task_.state.next();
  g.events_final = w.events_final;
  g.final = w.final;
  g.capped = w.capped;
  g.watermark = task_.clocks().w;
  if (w.late) g.late_events = w.late->value.data.sum(0);
  if (w.final)
    g.sessions_open = 0;
  else if (family_ == family::site)
    g.sessions_open = sessions_open(v.data);
  g.with_sketches = w.final || family_ == family::site || g.size != granularity::five_minutes;
  const cell* page = nullptr;
  if (family_ == family::elements) {
    const auto found = w.cells.find(place_of({c.name.key[0], page_marker}, scratch_));
    if (found != w.cells.end()) page = &found->second->value.data;
  }
  auto& out = task_.lane().records();
  out.begin(output::gold, -1, gold_key(g), static_cast<std::uint8_t>(family_));
  write_gold(g, v.data, task_.lane().settings, out.value(), page);
  out.end();
}

// -- memory
// ----------------------------------------------------------------------------------------------------------

/// Asked at every quiet point: what was unsettled mostly still is, and spares the walk over all cells.
bool final_actor::may_evict(window& w) const {
  if (!w.seen || !w.final || !w.events_final || !w.changed.empty()) return false;
  const auto settled = [this](const live_cell& c) { return task_.state.settled(c.entry); };
  if (w.unsettled && !settled(*w.unsettled)) return false;
  const auto found =
      std::find_if(w.cells.begin(), w.cells.end(), [&](const auto& c) { return !settled(*c.second); });
  w.unsettled = found == w.cells.end() ? nullptr : found->second.get();
  return !w.unsettled;
}

void final_actor::evict() {
  for (auto i = windows_.begin(); i != windows_.end();) {
    if (!may_evict(*i->second)) {
      ++i;
      continue;
    }
    for (auto& [_, c] : i->second->cells) {
      auto& entry = c->entry;
      c.reset();
      task_.state.drop(entry);
    }
    i = windows_.erase(i);
  }
}

std::int64_t final_actor::oldest_end() const {
  auto oldest = end_of_time;
  for (const auto& [_, w] : windows_) oldest = std::min(oldest, w->span.end);
  return oldest;
}

bool final_actor::unpublished() const {
  return std::any_of(windows_.begin(), windows_.end(),
                     [](const auto& w) { return !w.second->changed.empty(); });
}

}  // namespace weir
