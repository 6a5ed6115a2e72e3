#include "actors/ingest_task.hpp"

#include <algorithm>
#include <utility>

#include "actors/reader_actor.hpp"
#include "pipeline/base/codec.hpp"
#include "pipeline/base/mutation.hpp"
#include "pipeline/clock/rekeyed_record.hpp"

namespace weir {

ingest_task::ingest_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
                         std::shared_ptr<task_store> store)
    : lane_task(std::move(id), checkpoints, std::move(store)),
      lane_(lane),
      options_(std::move(o)),
      live_(lane, state, options_.max_live) {
  if (state.id().topic == to_string(output::rekeyed))
    origins_.emplace(options_.origins);
  else
    intake_.emplace(options_.intake, lane_.settings, lane_.enrichment);
  lane_.spawn<reader_actor>(reader_, *this);
}

ingest_task::~ingest_task() = default;

// -- recovery
// --------------------------------------------------------------------------------------------------------

void ingest_task::load() {
  last_c_ = state.clocks.c;
  if (origins_) origins_->restore(state.clocks.origins);
  state.load_index([this](table_entry& e, std::string_view head) {
    const auto key = decode_key_outline(head);
    e.next_close = lane_.life.next_close(key);
    e.next_forget = lane_.life.next_forget(key);
    closes_.schedule(e);
    forgets_.schedule(e);
    count_open({}, open_windows(key));
  });
}

void ingest_task::end_actors() {
  live_.end_all();
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_), end_mail{});
  lane_.unit.run_until_idle();
  reader_.reset();
}

// -- reading
// ---------------------------------------------------------------------------------------------------------

void ingest_task::deliver(const fetched& run) {
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_),
             batch_mail{run.chunk.get(), run.first, run.count});
}

void ingest_task::read(const batch_mail& mail) {
  lane_.enter(state);
  intake_counts uncounted;  // a redo's records were counted before
  intake::effects out{lane_.records(), lane_.kpis, state.redoing() ? uncounted : counts.intake};
  if (options_.intake.live && !state.redoing()) out.wall = lane_.wall;
  for (auto i = mail.first; i < mail.first + mail.count && !lane_.failed; ++i) {
    const auto& r = mail.chunk->entries[i];
    const auto before = lane_.made();
    const bool accepted = origins_ ? take_rekeyed(mail.chunk->key(r), r, mail.chunk->value(r), out)
                                   : take(mail.chunk->key(r), r, mail.chunk->value(r), out);
    if (!accepted) state.keyless(lane_.made() - before);
    state.set_next(r.offset + 1);
  }
  if (intake_) intake_->end_batch(out);
  for (auto& [_, origin] : intakes_) origin->end_batch(out);
  groups_.hand_over(
      [this](table_entry& e, const arrived_event& first) { lane_.send(actor_of(e), session_mail{&first}); });
}

arrived_event& ingest_task::slot() {
  if (arrived_ == events_.size()) events_.emplace_back();
  return events_[arrived_];
}

void ingest_task::set_watermark(std::int64_t highest) {
  state.clocks.highest = highest;
  if (highest != task_clocks::no_time) state.clocks.w = highest - lane_.settings.time.max_out_of_orderness;
}

/// A record of the source itself.
bool ingest_task::take(std::string_view key, const record_chunk::entry& r, std::string_view payload,
                       intake::effects& out) {
  const intake::record record{r.offset, r.offset, r.time, payload, payload.size()};
  auto highest = state.clocks.highest;
  bool accepted = false;
  auto& to = slot();
  if (buries(r.offset)) {
    state.add_dead(r.offset);
    intake_->bury(record, highest, out);
  } else {
    accepted = intake_->take(record, intake_->watermark(highest), highest, texts_, to.e, to.at, out);
    clock_.fed(options_.intake.live ? r.time : highest);
  }
  set_watermark(highest);
  if (!accepted) return false;
  if (options_.intake.live) check_key(key, to.e, out.counts);
  arrive(to, {});
  return true;
}

/// A record of weir.rekeyed: one of a source, with its place and its partition's clock, or a partition's
/// clocks alone.
bool ingest_task::take_rekeyed(std::string_view key, const record_chunk::entry& r, std::string_view value,
                               intake::effects& out) try {
  if (key.starts_with(clock_key_prefix)) {
    origins_->take(key.substr(clock_key_prefix.size()), decode_clock_report(value));
    set_watermark(lowest_highest());
    return false;
  }
  const auto from = decode_rekeyed_record(value);
  const task_id id{stage::ingest, std::string(from.topic), from.partition};
  const auto name = to_string(id);
  auto& source = intake_of(name, id);
  auto* clocks = origins_->find(name);
  const intake::record record{r.offset, from.offset, from.time, from.payload, from.size};
  const auto slack = lane_.settings.time.max_out_of_orderness;
  if (clocks) clocks->w = std::max(clocks->w, from.watermark);
  set_watermark(lowest_highest());
  auto highest = !clocks || clocks->w == task_clocks::no_time ? task_clocks::no_time : clocks->w + slack;
  auto& to = slot();
  bool accepted = false;
  if (buries(r.offset)) {
    state.add_dead(r.offset);
    source.bury(record, highest, out);
  } else {
    accepted = source.take(record, source.watermark(state.clocks.highest), highest, texts_, to.e, to.at, out);
    if (clocks && highest != task_clocks::no_time) clocks->w = std::max(clocks->w, highest - slack);
    set_watermark(lowest_highest());
  }
  if (accepted) arrive(to, from.topic);
  return accepted;
} catch (const decode_error& x) {
  if (buries(r.offset)) {
    state.add_dead(r.offset);
    const fault f{reason::internal_error, {}, "the record is no re-keyed one; the node's log says how"};
    write_dead_letter(f, {state.id().topic, state.id().partition, r.offset, r.time}, std::nullopt,
                      out.records);
  } else {
    lane_.fail({state.id(), r.offset, {}, x.what(), state.redoing()});
  }
  return false;
}

/// Of re-keyed input: W is the lowest of the source partitions'.
std::int64_t ingest_task::lowest_highest() const {
  const auto w = origins_->low().w;
  return w == task_clocks::no_time ? w : w + lane_.settings.time.max_out_of_orderness;
}

intake& ingest_task::intake_of(std::string_view origin, const task_id& id) {
  const auto found = intakes_.find(origin);
  if (found != intakes_.end()) return *found->second;
  auto made = std::make_unique<intake>(options_.origin_intake(id), lane_.settings, lane_.enrichment);
  return *intakes_.emplace(origin, std::move(made)).first->second;
}

/// A source that claims to be keyed by session, and is not: its sessions are torn.
void ingest_task::check_key(std::string_view key, const event& e, intake_counts& counted) {
  const auto session = e[text::session_id];
  if (key != session && !session.starts_with('~')) ++counted.other_key;
}

/// What names a session in this task: `[source topic|]site|session id`, with the topic where tasks have
/// records of several.
session_name ingest_task::name_of(std::string_view key) const {
  if (!origins_) return weir::name_of(state.id().topic, key);
  const auto bar = key.find('|');
  return weir::name_of(key.substr(0, bar), key.substr(bar + 1));
}

/// Puts an accepted event to the others of its session in this batch.
void ingest_task::arrive(arrived_event& x, std::string_view source_topic) {
  ++arrived_;
  key_.clear();
  if (origins_) key_.append(source_topic).append("|");
  key_.append(x.e[text::site_id]).append("|").append(x.e[text::session_id]);
  groups_.add(state.entry(key_), x);
}

// -- sessions
// --------------------------------------------------------------------------------------------------------

void ingest_task::session_changed(session_actor& actor, const digest& made) {
  auto& e = actor.entry();
  state.changed(e, made);
  e.next_close = lane_.life.next_close(actor.value());
  e.next_forget = lane_.life.next_forget(actor.value());
  closes_.schedule(e);
  forgets_.schedule(e);
  if (actor.empty()) live_.end_if_empty(e);
}

void ingest_task::count_open(const windows& before, const windows& after) {
  if (before == after) return;
  for (auto w : after) ++open_[w];
  for (auto w : before) {
    const auto found = open_.find(w);
    if (found == open_.end())
      return lane_.fail(
          {state.id(), lane_failure::no_offset, {}, "open sessions do not add up", state.redoing()});
    if (--found->second == 0) open_.erase(found);
  }
}

void ingest_task::quiet() {
  arrived_ = 0;
  texts_.reset();
  live_.quiet();
  state.make_room();
}

// -- clocks and timers
// -----------------------------------------------------------------------------------------------

void ingest_task::advance_clocks(const clock_reading& now) {
  auto& clocks = state.clocks;
  last_c_ = clocks.c;
  if (!origins_) return clock_.advance(now, state.next(), lane_.settings.time, clocks);
  const auto low = origins_->low();
  clocks.c = std::max({clocks.c, clocks.w, low.c});
  clock_.fed(low.a);
  clocks.origins = origins_->encode();
}

/// In order of deadline. What was due at the last commit already is fired whatever it is; of the rest at most
/// `max_timers`. If some are left, C stays below the earliest of them, and no one sees it higher: a redo must
/// find the same sessions due at this boundary.
bool ingest_task::fire_timers() {
  auto& clocks = state.clocks;
  std::vector<table_entry*> due;
  const auto due_before = state.redoing() ? clocks.c : std::min(last_c_, clocks.c);
  while (auto* e = closes_.take_due(due_before)) due.push_back(e);
  for (std::size_t fired = 0; fired < options_.max_timers; ++fired) {
    auto* e = closes_.take_due(clocks.c);
    if (!e) break;
    due.push_back(e);
    while (auto* same = closes_.take_due(e->next_close)) due.push_back(same);  // C cannot part them
  }
  if (const auto left = closes_.lowest(clocks.c); left != table_entry::unset)
    clocks.c = std::max(last_c_, left - 1);
  while (auto* e = forgets_.take_due(clocks.w)) due.push_back(e);
  for (auto* e : due) fire(*e, clocks.w);
  return !due.empty();
}

void ingest_task::fire(table_entry& e, std::int64_t w) {
  const bool failed = !poison_keys.empty() && poison_keys.contains(std::string(e.key()));
  if (state.dead_here(e.key()) || (!state.redoing() && failed)) return bury_key(e);
  lane_.send(actor_of(e), timer_mail{state.clocks.c, w});
}

/// A key whose timer failed: its value becomes a dead letter, and the key is gone, to begin anew with its
/// next event.
void ingest_task::bury_key(table_entry& e) {
  if (!e.has_value()) return;  // it was due to close and to be forgotten, and is buried already
  lane_.enter(state);
  if (e.live) live_.end(e);
  const auto before = lane_.made();
  const std::string key(e.key());
  state.add_dead_key(key);
  poison_keys.erase(key);
  const fault f{reason::internal_error, {}, "the session's timer failed; the node's log says how"};
  const auto value = state.value(e);
  write_dead_letter(f, {state.id().topic, state.id().partition, lane_failure::no_offset, 0, key}, value,
                    lane_.records());
  if (!value.empty()) count_open(open_windows(decode_key_outline(value)), {});
  state.clear_value(e);
  e.next_close = e.next_forget = table_entry::unset;
  state.changed(e, lane_.made() - before);
}

std::int64_t ingest_task::settled() const {
  const auto& c = state.clocks.c;
  if (c == task_clocks::no_time) return c;
  const auto bound = c - lane_.settings.time.allowed_lateness;
  return open_.empty() ? bound : std::min(bound, open_.begin()->first);
}

void ingest_task::describe(task_report& report) const {
  report.clocks = state.clocks;
  for (const auto& [_, sessions] : open_) report.sessions += static_cast<std::uint64_t>(sessions);
  report.actors = live_.size();
}

std::optional<clock_report> ingest_task::report() {
  const auto& c = state.clocks.c;
  const bool any_age = !options_.intake.live || options_.intake.source.backfill;
  return clock_report{told_watermark(state.clocks, lane_.settings, any_age), c,
                      c == end_of_time ? end_of_time : clock_.highest_record(), settled()};
}

}  // namespace weir
