#include "actors/lane.hpp"

#include <algorithm>
#include <limits>

#include "pipeline/base/mutation.hpp"

namespace weir {

namespace {
constexpr int poll_wait_ms = 10;  // for input, when there is none
constexpr int land_wait_ms = 10;  // for the epoch in flight
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
  const bool restoring = restores_.has_any_source() && restore_floor_ != task_clocks::no_time;
  auto slowest = restoring && !redoing() ? restore_floor_ : none;  // what redoes must end
  const auto reads_on = [&](const lane_task& task) {
    const auto end = member_->end_of(task.place);
    return task.state.next() < end.high_watermark || (!settings_.live && !end.ended);
  };
  for (const auto& task : tasks_)
    if (task->is_source() && reads_on(*task)) slowest = std::min(slowest, task->state.clocks.w);
  holding_back_ = false;
  for (const auto& task : tasks_) {
    if (!task->is_source()) continue;
    const bool wait = slowest != none && task->state.clocks.w - slowest > context_.settings.time.max_skew;
    member_->pause(task->place, wait);
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
  fetched_.clear();
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
