#include <algorithm>
#include <utility>

#include "actors/lane.hpp"
#include "pipeline/base/mutation.hpp"

namespace weir {

namespace {
constexpr std::int64_t report_step = 1'000;  // milliseconds that C moves before it is told downstream

double seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }
}  // namespace

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

}  // namespace weir
