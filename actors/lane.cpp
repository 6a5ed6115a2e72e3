#include "actors/lane.hpp"

#include <algorithm>
#include <limits>

#include "pipeline/base/mutation.hpp"

namespace weir {

namespace {
constexpr std::int64_t report_step = 1'000;  // milliseconds that C moves before it is told downstream
constexpr int poll_wait_ms = 10;             // for input, when there is none
constexpr int land_wait_ms = 10;             // for the epoch in flight

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }
}  // namespace

lane::lane(caf::actor_system& system, const rules& r, const traffic_sources& sources, lane_settings settings,
           std::unique_ptr<log_member> member)
    : settings_(std::move(settings)),
      context_(system, r, sources, settings_.enrichment()),
      member_(std::move(member)),
      restores_(settings_.start_restore, settings_.now),
      poison_(settings_.poison) {
  context_.before_handling = settings_.before_handling;
}

lane::~lane() { drop(); }

std::vector<lane_task*> lane::tasks() {
  std::vector<lane_task*> all;
  for (auto& t : tasks_) all.push_back(t.get());
  return all;
}

// -- the loop
// --------------------------------------------------------------------------------------------------------

void lane::run_actors() { context_.unit.run_until_idle(); }

/// Quiet point: contributions go to the KPI actors, and what the round used is given back.
void lane::end_round() {
  run_actors();
  if (!context_.kpis.empty()) {
    for (std::size_t f = 0; f < partials_.size(); ++f)
      if (!context_.kpis.of(static_cast<family>(f)).empty())
        context_.send(*partials_[f].first, contributions_mail{&context_.kpis});
    run_actors();
    context_.kpis.clear();
  }
  for (auto& t : tasks_) t->quiet();
  run_actors();
  ++context_.round;
}

/// The tasks are asked for: the epoch in flight ends, then one with everything in it; who gets them has
/// nothing to redo.
void lane::hand_over() {
  if (!write_down()) return;
  ++counts_.handed_over;
  restores_.keep_only({});
  member_->release();
  recover();
}

bool lane::redoing() const {
  return std::any_of(tasks_.begin(), tasks_.end(), [](const auto& t) { return t->state.redoing(); });
}

/// Returns true when everything is committed and written down; until then nothing may be read.
bool lane::write_down() {
  if (in_flight_) return member_->poll(0, land_wait_ms, fetched_), false;
  return written_down_ || (seal(true), false);
}

/// Tasks whose state is there now begin, with the others, which have nothing to redo then. Returns false
/// while that is prepared.
bool lane::take_in_restored() {
  for (const auto& what : restores_.take_warnings()) settings_.warn(what);
  if (!restores_.any_done() || redoing()) return true;
  if (!write_down()) return false;
  restores_.let_go_done();
  recover();
  return true;
}

/// A list or a database has changed. What was read with the old one must not be redone with the new one:
/// first everything is committed and written down, and all tasks are there. Returns false while that goes on.
bool lane::renew_enrichment() {
  auto fresh = settings_.enrichment();
  if (fresh == context_.enrichment.data() || redoing() || !restores_.empty()) return true;
  if (!write_down()) return false;
  context_.enrichment.use(std::move(fresh));
  written_down_ = false;  // from here on
  return true;
}

/// A source partition that is far ahead of the slowest one with something left to read waits for it: else the
/// windows between the two would pile up downstream. One that is being restored counts as if it stood
/// where the furthest stood at the last recovery.
void lane::hold_back() {
  if (context_.settings.time.max_skew >= unlimited) return;
  constexpr auto none = std::numeric_limits<std::int64_t>::max();
  auto slowest = restores_source_ && !redoing() ? restore_floor_ : none;  // what redoes must end
  const auto reads_on = [&](std::size_t i) {
    if (!tasks_[i]->is_source()) return false;
    const auto end = member_->end_of(tasks_[i]->place);
    return tasks_[i]->state.next() < end.high_watermark || (!settings_.live && !end.ended);
  };
  for (std::size_t i = 0; i < tasks_.size(); ++i)
    if (reads_on(i)) slowest = std::min(slowest, tasks_[i]->state.clocks.w);
  holding_back_ = false;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    if (!tasks_[i]->is_source()) continue;
    const bool wait =
        slowest != none && tasks_[i]->state.clocks.w - slowest > context_.settings.time.max_skew;
    member_->pause(tasks_[i]->place, wait);
    holding_back_ = holding_back_ || wait;
  }
}

std::size_t lane::poll(std::size_t max_records, int wait_ms) {
  if (member_->assignment_changed()) recover();  // before anything else: what we held may be another's
  if (member_->revoking()) return hand_over(), 0;
  hold_back();
  if (!holds(rule::c_at_commits)) move_clocks(settings_.now());
  fetched_.clear();
  member_->poll(max_records, wait_ms, fetched_);
  context_.wall = settings_.now();
  std::size_t records = 0;
  for (const auto& run : fetched_) {
    records += run.count;
    handle(run);
  }
  end_round();
  counts_.records += records;
  handled_since_seal_ = handled_since_seal_ || records > 0;
  if (context_.failed) after_failure();
  return records;
}

lane_task& lane::task_at(std::size_t place) {
  return **std::find_if(tasks_.begin(), tasks_.end(), [place](const auto& t) { return t->place == place; });
}

void lane::handle(const fetched& run) {
  auto& task = task_at(run.task);
  if (run.count > 0) task.last_time = run.chunk->entries[run.first + run.count - 1].time;
  if (task.state.redoing()) return redo(task, run);
  deliver(task, run);
}

/// Records that no epoch before this one has had.
void lane::deliver(lane_task& task, const fetched& run) {
  task.counts.records += run.count;
  if (settings_.live && task.state.id().of == stage::ingest && !task.rekeys()) {
    const auto first = run.chunk->entries.begin() + static_cast<std::ptrdiff_t>(run.first);
    const auto oldest = std::min_element(first, first + static_cast<std::ptrdiff_t>(run.count),
                                         [](const auto& a, const auto& b) { return a.time < b.time; });
    arrivals_.push_back({oldest->time, run.count});
  }
  task.deliver(run);
}

/// Reads up to each commit boundary of the record, sets the clocks as they were there, and goes on.
void lane::redo(lane_task& task, const fetched& run) {
  auto rest = run;
  while (rest.count > 0 && task.state.redoing() && !context_.failed) {
    const auto& entries = rest.chunk->entries;
    auto part = rest;
    part.count = 0;
    while (part.count < rest.count && entries[rest.first + part.count].offset < task.state.next_mark())
      ++part.count;
    if (part.count == 0) {  // offsets have gaps: the boundary lies before the next record
      task.state.set_next(task.state.next_mark());
    } else {
      task.deliver(part);
      counts_.redone += part.count;
      rest.first += part.count;
      rest.count -= part.count;
    }
    end_round();
    pass_marks(task);
  }
  if (rest.count > 0 && !context_.failed) deliver(task, rest);
}

void lane::pass_marks(lane_task& task) {
  while (task.state.redoing() && task.state.next() >= task.state.next_mark() && !context_.failed) {
    if (!task.state.pass_mark())
      settings_.warn(to_string(task.state.id()) + ": the watermark of a redo is not what it was");
    const auto diverged = task.state.divergences();
    task.fire_timers();
    end_round();
    task.state.end_mark();
    if (task.state.divergences() == diverged) continue;
    ++counts_.divergences;
    settings_.warn(to_string(task.state.id()) +
                   ": a redo did not make the outputs that the epoch record says");
  }
}

// -- commits
// ---------------------------------------------------------------------------------------------------------

bool lane::overfull() const {
  const auto& out = context_.filling->outputs;
  return out.bytes() >= settings_.max_epoch_bytes || out.records().size() >= settings_.max_epoch_records;
}

bool lane::seal_due() const {
  return overfull() || settings_.now() - last_seal_ >= settings_.checkpoints.commit_interval;
}

void lane::flush_partials() {
  for (auto& [actor, keep] : partials_) context_.send(*actor, flush_mail{});
  run_actors();
}

/// After the deltas, so that a clock never overtakes what it closes.
void lane::report_clocks() {
  context_.records().drop(false);
  for (auto& task : tasks_)
    if (!task->state.redoing()) report_clock(*task);
}

void lane::report_clock(lane_task& task) {
  const auto report = task.report();
  if (!report) return;
  const auto& last = task.reported;
  const bool moved = report->c >= last.c + report_step || report->w >= last.w + report_step ||
                     window_of(report->settled) != window_of(last.settled) ||
                     report->a >= last.a + report_step;
  if (!moved) return;
  task.reported = *report;
  const auto key = std::string(clock_key_prefix) + to_string(task.state.id());
  std::string value;
  encode(*report, value);
  const auto tell = [&](output to, std::int32_t partitions) {
    for (std::int32_t p = 0; p < partitions; ++p) context_.records().put(to, p, key, value);
  };
  if (task.rekeys()) return tell(output::rekeyed, settings_.rekeyed_partitions);
  if (task.state.id().of == stage::ingest) tell(output::sessions, settings_.session_partitions);
  tell(output::partials, settings_.partial_partitions);
}

void lane::count_changes(const task_commit& part) {
  for (const auto& change : part.changes) {
    ++(is_part(change.key) ? counts_.parts : counts_.checkpointed);
    counts_.state_bytes += change.key.size() + (change.value ? change.value->size() : 0);
  }
  --counts_.checkpointed;  // the epoch record
}

/// At a commit, and nowhere else: a redo could not know of it.
void lane::move_clocks(std::int64_t now) {
  for (auto& task : tasks_) {
    if (task->state.redoing()) continue;
    task->advance_clocks({now, member_->end_of(task->place), settings_.live});
    if (holds(rule::timers_before)) task->fire_timers();
  }
  end_round();
}

/// Everything that the epoch is to hold is in it when this returns true.
bool lane::prepare() {
  if (in_flight_) return false;
  if (member_->assignment_changed()) return recover(), false;
  last_seal_ = settings_.now();
  move_clocks(last_seal_);
  if (context_.failed) return after_failure(), false;
  flush_partials();
  report_clocks();
  return true;
}

bool lane::anything_new() {
  return handled_since_seal_ || !context_.filling->outputs.records().empty() ||
         std::any_of(tasks_.begin(), tasks_.end(), [](const auto& task) {
           return task->state.dirty_keys() > 0 || task->state.tombstones() > 0;
         });
}

bool lane::seal_news() {
  std::vector<task_clocks> before;
  for (const auto& task : tasks_) before.push_back(task->state.clocks);
  if (!prepare()) return false;
  if (anything_new()) return hand_in(false), true;
  // A redo must not miss a boundary at which C moved: there was none.
  for (std::size_t i = 0; i < tasks_.size(); ++i) tasks_[i]->state.clocks = before[i];
  return false;
}

bool lane::seal(bool full) {
  if (!prepare()) return false;
  hand_in(full);
  return true;
}

void lane::hand_in(bool full) {
  auto& e = *context_.filling;
  e.tasks.clear();
  const auto begun = clock::now();
  for (auto& task : tasks_) {
    if (task->state.redoing()) continue;
    e.tasks.push_back(task->state.seal(last_seal_, full));
    count_changes(e.tasks.back());
  }
  flying_ = {{}, std::exchange(arrivals_, {}), clock::now(), last_seal_};
  for (auto& task : tasks_) flying_.done.push_back(std::exchange(task->counts, {}));
  counts_.seal_time.observe(seconds(flying_.since - begun));
  member_->commit(std::exchange(context_.filling, next_epoch()));
  in_flight_ = true;
  written_down_ = full;
  handled_since_seal_ = false;
  if (!holds(rule::timers_before)) {
    for (auto& task : tasks_)
      if (!task->state.redoing()) task->fire_timers();
    end_round();
  }
}

void lane::land() {
  if (!in_flight_) return;
  const auto how = member_->landed();
  if (!how) return;
  in_flight_ = false;
  if (*how != outcome::committed) {
    ++(*how == outcome::rejected ? counts_.rejected : counts_.unknown);
    return recover();
  }
  take_over();
}

/// The epoch in flight is committed: its changes go into the local stores.
void lane::take_over() {
  auto done = member_->take_landed();
  count_committed(*done);
  const auto begun = clock::now();
  for (auto& part : done->tasks) {
    redo_failures_.erase(part.task);  // those of a task that still redoes stay
    for (auto& task : tasks_) {
      if (task->state.id() != part.task) continue;
      task->state.committed(part, true);
      if (part.changelog_end >= 0) task->state.store().set_position(part.changelog_end, settings_.now());
    }
  }
  counts_.store_time.observe(seconds(clock::now() - begun));
  tell();
  for (auto& task : tasks_) poison_keys_[task->state.id()] = task->poison_keys;  // less what is buried now
  done->tasks.clear();
  done->outputs.clear();
  spare_ = std::move(done);
}

/// An empty one, in the memory of the last that landed.
std::unique_ptr<epoch> lane::next_epoch() { return spare_ ? std::move(spare_) : std::make_unique<epoch>(); }

void lane::step(int wait_ms) {
  if (draining_ && !left_) {
    left_ = true;
    if (!member_->leave()) return stop();
    tell(lane_state::draining);
  }
  tell_now_and_then();
  land();
  if (!take_in_restored() || !renew_enrichment()) return;
  if (in_flight_ && overfull()) {  // one epoch is being committed, the next is full: wait
    member_->poll(0, wait_ms, fetched_);
    return;
  }
  const auto records = poll(settings_.batch, wait_ms);
  if (!settings_.live && records == 0 && idle()) return;  // no clock moves: a commit would change nothing
  if (seal_due() || (records == 0 && all_read())) settings_.live ? seal_news() : seal(false);
}

/// True when input has ended and something is still to be committed: there is nothing to wait for.
bool lane::all_read() {
  if (settings_.live) return false;
  bool open = false;  // a source whose clock does not know of the end yet
  for (const auto& task : tasks_) {
    const auto& state = task->state;
    if (!task->is_source()) continue;
    const auto end = member_->end_of(task->place);
    if (state.redoing() || !end.ended || state.next() < end.high_watermark) return false;
    open = open || state.clocks.c != end_of_time;
  }
  return open || handled_since_seal_;
}

bool lane::idle() {
  if (in_flight_ || handled_since_seal_ || holding_back_ || !restores_.empty() ||
      member_->assignment_changed() || member_->revoking() || !context_.filling->outputs.records().empty())
    return false;
  for (const auto& task : tasks_) {
    const auto end = member_->end_of(task->place);
    if (task->state.redoing() || task->state.next() < end.high_watermark || task->pending()) return false;
    if (end.ended && task->state.clocks.c != end_of_time) return false;
  }
  return true;
}

void lane::run(const std::function<std::uint64_t()>& log_version) {
  try {
    go_round(log_version);
  } catch (const log_unavailable& x) {
    if (!stopping_) throw;
    settings_.warn(std::string("stopped without a last commit, what it would have held is redone: ") +
                   x.what());
  }
}

void lane::go_round(const std::function<std::uint64_t()>& log_version) {
  recover();
  while (!stopping_) {
    const auto version = log_version();
    try {
      step(poll_wait_ms);
    } catch (const log_unavailable& x) {
      settings_.warn(x.what());
      recover();
    }
    idle_at_ = idle() ? version : 0;
    drained_ = left_ && assigned_ == 0 && !in_flight_;
  }
  finish();
}

/// Commits what there is, with everything written down.
void lane::finish() {
  const auto settled = [this] {
    while (in_flight_) {
      member_->poll(0, land_wait_ms, fetched_);
      land();
    }
  };
  settled();
  seal(true);
  settled();
}

}  // namespace weir
