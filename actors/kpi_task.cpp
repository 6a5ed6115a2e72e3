#include "actors/kpi_task.hpp"

#include <algorithm>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/mutation.hpp"
#include "pipeline/event/dead_letter.hpp"
#include "pipeline/kpi/retention.hpp"

namespace weir {

namespace {

constexpr std::size_t forgotten_at_once = 5'000;

/// The end of the last session that a window counts: those of a cohort come back.
std::int64_t last_of(family fam, std::int64_t window_end) {
  return fam == family::retention ? retention_complete(window_end) : window_end;
}

}  // namespace

kpi_task::kpi_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
                   std::shared_ptr<task_store> store)
    : lane_task(std::move(id), checkpoints, std::move(store)), lane_(lane), options_(std::move(o)) {
  lane_.spawn<reader_actor>(reader_, *this);
}

kpi_task::~kpi_task() = default;

// -- recovery
// --------------------------------------------------------------------------------------------------------

void kpi_task::load() {
  const auto incomplete = [](const window_cell& c) {
    return c.changed || !c.told_events_final || !c.told_final;
  };
  state.load([&](std::string_view key, std::string_view value) {
    return key.front() == source_key_prefix ||
           (key.front() == cell_key_prefix && incomplete(window_cell::decode(value)));
  });
  sources_.load(options_.sources);
  std::vector<table_entry*> cells;
  state.for_each([&](table_entry& e) {
    if (e.key().front() == cell_key_prefix) cells.push_back(&e);
  });
  for (auto* e : cells) {
    const auto name = parse_cell_state_key(e->key());
    actor_of(name.site, name.fam, name.shard).adopt(*e, name);
  }
}

void kpi_task::end_actors() {
  for (auto& [_, actor] : actors_) {
    const auto keep = std::move(actor->keep);
    lane_.send(*actor, end_mail{});
  }
  actors_.clear();
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_), end_mail{});
  lane_.unit.run_until_idle();
  reader_.reset();
  sources_.clear();
}

final_actor& kpi_task::actor_of(std::string_view site, family fam, unsigned shard) {
  auto& slot = actors_[{std::string(site), fam, shard}];
  if (slot) return *slot;
  caf::strong_actor_ptr keep;
  slot = lane_.spawn<final_actor>(keep, *this, std::string(site), fam, shard);
  slot->keep = std::move(keep);
  return *slot;
}

// -- reading
// ---------------------------------------------------------------------------------------------------------

void kpi_task::deliver(const fetched& run) {
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_),
             batch_mail{run.chunk.get(), run.first, run.count});
}

void kpi_task::read(const batch_mail& mail) {
  lane_.enter(state);
  for (auto i = mail.first; i < mail.first + mail.count; ++i) {
    const auto& r = mail.chunk->entries[i];
    const auto key = mail.chunk->key(r);
    if (buries(r.offset)) {
      bury(r, mail.chunk->value(r));
    } else if (key.starts_with(clock_key_prefix)) {
      sources_.take(key.substr(clock_key_prefix.size()), mail.chunk->value(r), r.offset);
    } else {
      take_deltas(mail.chunk->value(r), r.offset);
    }
    state.set_next(r.offset + 1);
  }
}

void kpi_task::bury(const record_chunk::entry& r, std::string_view payload) {
  state.add_dead(r.offset);
  const fault f{reason::internal_error, {}, "the record's handler failed; the node's log says how"};
  write_dead_letter(f, {state.id().topic, state.id().partition, r.offset, r.time}, payload, lane_.records());
}

void kpi_task::take_deltas(std::string_view bytes, std::int64_t offset) {
  try {
    records_.push_back(decode_partial(bytes));
  } catch (const decode_error& x) {
    return lane_.fail({state.id(), offset, {}, x.what(), state.redoing()});
  }
  const auto& record = records_.back();
  lane_.send(actor_of(record.site, record.fam, record.shard), partial_mail{&record, offset});
}

// -- clocks
// ----------------------------------------------------------------------------------------------------------

void kpi_task::advance_clocks(const clock_reading& now) {
  wall_ = now.wall;
  sources_.advance();
}

bool kpi_task::events_complete(family fam, std::int64_t window_end) const {
  if (fam == family::quality) return clocks().a >= window_end;
  return clocks().c > last_of(fam, window_end) + lane_.settings.time.allowed_lateness;
}

bool kpi_task::complete(family fam, std::int64_t window_end) const {
  if (fam == family::quality) return clocks().a >= window_end;
  const auto last = last_of(fam, window_end);
  // All shares of a cohort must be told, which they are by W; at the end of input, as far as it came.
  if (fam == family::retention && clocks().w < last && clocks().c != end_of_time) return false;
  return clocks().settled >= last && events_complete(fam, window_end);
}

bool kpi_task::fire_timers() {
  if (state.redoing()) return false;  // a redo adds up alone; what is due is published when it is done
  for (std::size_t f = 0; f < families; ++f) forget_old(static_cast<family>(f));
  for (auto& [_, actor] : actors_) lane_.send(*actor, window_clock_mail{wall_});
  return !actors_.empty();
}

void kpi_task::quiet() {
  records_.clear();
  if (state.redoing()) return;
  for (auto& [_, actor] : actors_) actor->evict();
}

void kpi_task::describe(task_report& report) const {
  report.clocks = {clocks().w, clocks().c, task_clocks::no_time};
  report.actors = actors_.size();
}

bool kpi_task::pending() const {
  return std::any_of(actors_.begin(), actors_.end(), [](const auto& a) { return a.second->unpublished(); });
}

/// How long a window may still change after sessions that started in it are forgotten: users come back.
std::int64_t kpi_task::reach_of(family fam) const {
  const auto& r = lane_.settings;
  if (fam == family::retention) return r.users_retention;
  std::int64_t reach = 0;
  if (fam != family::funnels) return reach;
  for (const auto& f : r.funnels)
    if (f.scope == funnel::reach::user) reach = std::max(reach, f.within);
  return reach;
}

/// Nothing can come to a window that ends below it. By C where `late.max_delay` bounds how old an event may
/// be; else, in replay and where a source is marked `backfill`, by W.
std::int64_t kpi_task::forget_below(family fam) const {
  const auto& r = lane_.settings;
  const auto kept = r.session.max_duration + r.session.timeout + r.time.allowed_lateness + window_size;
  if (!r.backfill && r.max_delay < unlimited) return clocks().c - kept - r.max_delay - reach_of(fam);
  return (holds(rule::forget_by_w) ? clocks().w : clocks().c) - kept - reach_of(fam);
}

/// What is in memory may still be published and feed what ends when it does, or later.
void kpi_task::forget_old(family fam) {
  auto& search = searches_[static_cast<std::size_t>(fam)];
  auto below = forget_below(fam);
  if (below - search.done_below < window_size) return;
  for (const auto& [name, actor] : actors_)
    if (std::get<family>(name) == fam) below = std::min(below, actor->oldest_end());
  if (below - search.done_below < window_size) return;
  const auto prefix = family_state_key_prefix(fam);
  if (search.from.empty()) search.from = prefix;
  std::vector<std::string> old;
  std::size_t seen = 0;
  bool more = false;
  state.store().scan(search.from, [&](std::string_view key, std::string_view bytes) {
    if (!key.starts_with(prefix) || parse_cell_state_key(key).window.end >= below) return false;
    more = ++seen > forgotten_at_once;
    if (more) return search.from.assign(key), false;  // the rest before the next commits
    if (!decode_stored(bytes).tombstone) old.emplace_back(key);
    return true;
  });
  if (!more) search = {below, {}};
  for (const auto& key : old) {
    auto& e = state.entry(key);
    if (e.dirty()) continue;  // on its way already
    state.clear_value(e);
    state.changed(e, {});
  }
}

}  // namespace weir
