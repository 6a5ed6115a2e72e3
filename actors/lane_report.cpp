#include "actors/lane_report.hpp"

#include <algorithm>
#include <utility>

#include "actors/lane.hpp"

namespace weir {

namespace {
constexpr std::int64_t tell_interval = 1'000;  // milliseconds
double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }
}  // namespace

std::string_view to_string(lane_state s) {
  constexpr std::string_view names[] = {"starting", "recovering", "waiting", "running", "draining", "ended"};
  return names[static_cast<std::size_t>(s)];
}

lane_counts& lane_counts::operator+=(const lane_counts& x) {
  intake += x.intake;
  commits += x.commits, rejected += x.rejected, unknown += x.unknown, recoveries += x.recoveries;
  failures += x.failures, redone += x.redone, divergences += x.divergences;
  checkpointed += x.checkpointed, records += x.records, handed_over += x.handed_over;
  parts += x.parts, state_bytes += x.state_bytes, spilled += x.spilled, read_back += x.read_back;
  restored += x.restored;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    outputs[i].records += x.outputs[i].records;
    outputs[i].bytes += x.outputs[i].bytes;
  }
  commit_time += x.commit_time, seal_time += x.seal_time, store_time += x.store_time;
  publish_time += x.publish_time;
  return *this;
}

bool lane_report::ready() const {
  return state == lane_state::running && tasks.size() == assigned &&
         std::none_of(tasks.begin(), tasks.end(), [](const auto& t) { return t.redo_left > 0; });
}

// -- the lane's part of it

/// The epoch in flight is committed.
void lane::count_committed(const epoch& done) {
  ++counts_.commits;
  last_commit_ = settings_.now();
  counts_.commit_time.observe(std::chrono::duration<double>(clock::now() - flying_.since).count());
  for (std::size_t i = 0; i < flying_.done.size(); ++i) {
    done_[tasks_[i]->state.id()] += flying_.done[i];
    counts_.intake += flying_.done[i].intake;
  }
  if (counts_.intake.other_key > 0 && !std::exchange(warned_of_keys_, true))
    settings_.warn(
        "records of a source are not keyed by their session_id: where a session's records stand in "
        "several partitions it is torn; keyed_by_session: false has the source re-keyed");
  for (const auto& [oldest, count] : flying_.arrivals)
    counts_.publish_time.observe(seconds(std::max<std::int64_t>(0, last_commit_ - oldest)), count);
  for (const auto& r : done.outputs.records()) {
    auto& sum = counts_.outputs[static_cast<std::size_t>(r.topic)];
    ++sum.records;
    sum.bytes += r.key_size + r.value_size;
  }
  flying_ = {};
}

void lane::tell(lane_state state, std::string waiting_for) {
  state_ = state;
  waiting_for_ = std::move(waiting_for);
  tell();
}

void lane::tell() {
  told_at_ = settings_.now();
  const auto in_flight_since = in_flight_ ? flying_.since_wall : 0;
  lane_report now{settings_.name,  state_,   waiting_for_, assigned_, last_commit_,
                  in_flight_since, counts(), {},           done_};
  const bool reads = (state_ == lane_state::running || state_ == lane_state::draining) && member_->joined() &&
                     !member_->assignment_changed();  // else the member does not know these tasks
  for (const auto& task : tasks_) {
    const auto& state = task->state;
    task_report t;
    t.task = state.id();
    t.next = state.next();
    t.end = reads ? member_->end_of(task->place).high_watermark : t.next;
    t.last_time = task->last_time;
    if (state.redoing())
      t.redo_left = static_cast<std::uint64_t>(std::max<std::int64_t>(0, state.redo_end() - state.next()));
    t.keys = state.keys_in_memory();
    t.dirty_keys = state.dirty_keys();
    t.value_bytes = state.bytes_in_memory();
    task->describe(t);
    now.counts.spilled += state.spilled();
    now.counts.read_back += state.read_back();
    now.tasks.push_back(std::move(t));
  }
  std::lock_guard lock(told_mutex_);
  told_ = std::move(now);
}

lane_counts lane::counts() const {
  auto all = counts_;
  all.restored += restores_.records();
  return all;
}

std::size_t lane::live_sessions() const {
  std::size_t all = 0;
  for (const auto& task : tasks_) {
    if (task->state.id().of != stage::ingest) continue;
    task_report t;
    task->describe(t);
    all += t.actors;
  }
  return all;
}

void lane::tell_now_and_then() {
  if (settings_.now() - told_at_ >= tell_interval) tell();
}

lane_counts lane::told() const {
  std::lock_guard lock(told_mutex_);
  return told_.counts;
}

lane_report lane::report() const {
  std::lock_guard lock(told_mutex_);
  return told_;
}

}  // namespace weir
