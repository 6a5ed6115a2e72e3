#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

#include "actors/lane.hpp"
#include "actors/rekey_task.hpp"
#include "pipeline/base/mutation.hpp"

namespace weir {

namespace {
constexpr int redo_tries = 3;
constexpr std::size_t live_footprint = 4096;  // of an ordinary session's actor and its decoded state
constexpr std::size_t least_live = 16;
constexpr std::size_t user_overhead = 3;  // in memory a user's entry takes twice as much as the value itself
constexpr std::chrono::milliseconds first_wait(100), longest_wait(5'000);  // for a log that cannot be reached

/// Thrown when a restore takes too long for a lane to wait for.
struct far_behind {};
}  // namespace

void lane::drop() {
  run_actors();
  for (auto& t : tasks_) {
    counts_.spilled += t->state.spilled();
    counts_.read_back += t->state.read_back();
    t->end_actors();
  }
  for (auto& [actor, keep] : partials_) context_.send(*actor, end_mail{});
  run_actors();
  partials_.clear();
  tasks_.clear();
  context_.filling = std::make_unique<epoch>();
  context_.kpis.clear();
  context_.failed.reset();
  arrivals_.clear();
  flying_ = {};
  in_flight_ = written_down_ = false;
}

/// The epoch in flight may have been committed meanwhile.
void lane::settle() {
  if (!in_flight_ || member_->landed() != outcome::committed) return;
  in_flight_ = false;
  take_over();
}

void lane::recover() {
  for (auto wait = first_wait;; wait = std::min(2 * wait, longest_wait)) {
    try {
      return recover_once();
    } catch (const log_unavailable& x) {
      wait_for_log(x, wait);
    }
  }
}

void lane::wait_for_log(const log_unavailable& why, std::chrono::milliseconds time) {
  settings_.warn(std::string("cannot recover yet: ") + why.what());
  tell(lane_state::waiting, why.what());
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
    if (stopping_) throw why;
    std::this_thread::sleep_for(std::min(time, first_wait));
  }
}

void lane::recover_once() {
  settle();
  drop();
  ++counts_.recoveries;
  tell(lane_state::recovering);
  if (holds(rule::order)) member_->fence();
  make_tasks();
  if (!holds(rule::order)) member_->fence();
  for (std::size_t f = 0; f < families; ++f) {
    caf::strong_actor_ptr keep;
    auto* actor = context_.spawn<partial_actor>(keep, context_, static_cast<family>(f));
    partials_.emplace_back(actor, std::move(keep));
  }
  for (auto& task : tasks_) {
    member_->seek(task->place, task->state.next());
    task->load();
    task->fire_timers();
    end_round();
    task->state.end_mark();
    pass_marks(*task);
  }
  restore_floor_ = furthest_source();
  last_seal_ = settings_.now();
  if (context_.failed) return after_failure();
  if (left_)
    tell(lane_state::draining);
  else if (member_->joined())
    tell(lane_state::running);
  else
    tell(lane_state::waiting, "the group has not assigned tasks yet");
}

void lane::make_tasks() {
  const auto assigned = member_->assignment();
  assigned_ = assigned.size();
  restores_.keep_only(assigned);
  std::erase_if(made_anew_, [&](const auto& id) {
    return std::find(assigned.begin(), assigned.end(), id) == assigned.end();
  });
  const auto keyed =
      std::count_if(assigned.begin(), assigned.end(), [](const auto& id) { return id.of != stage::kpis; });
  const auto share = settings_.session_bytes / static_cast<std::size_t>(std::max<std::ptrdiff_t>(1, keyed));
  for (std::size_t place = 0; place < assigned.size(); ++place) {
    const auto& id = assigned[place];
    auto task = restores_.has(id) ? nullptr : restored_task(id, share);
    if (!task) {
      member_->pause(place, true);
      continue;
    }
    made_anew_.erase(id);
    task->place = place;
    if (auto& offsets = poison_[id]; !offsets.empty()) task->poison = offsets;
    if (auto& keys = poison_keys_[id]; !keys.empty()) task->poison_keys = keys;
    tasks_.push_back(std::move(task));
    done_.try_emplace(id);
    tell();
  }
}

/// With the local copy brought up to date; with one made anew when that does not do. Null when that is done
/// beside the lane: the copy is far behind.
std::unique_ptr<lane_task> lane::restored_task(const task_id& id, std::size_t session_bytes) {
  auto store = settings_.store(id);
  const auto committed = member_->committed(id);  // before the changelog's end is asked for
  const auto beginning = committed == 0 ? member_->beginning(id) : 0;
  if (settings_.now() - store->time() >= settings_.oldest_copy) store->clear();  // 0: not whole
  while (true) {
    const bool is_copy = store->position() > 0;
    const auto rebuild = [&](const std::exception& why) {
      if (!is_copy || made_anew_.contains(id)) throw;
      made_anew_.insert(id);
      settings_.warn(to_string(id) + ": the local copy is made anew from the changelog: " + why.what());
      store->clear();
    };
    try {
      restore(id, *store);
      auto task = make_task(id, store, session_bytes);
      task->state.recover(committed, beginning);
      return task;
    } catch (const far_behind&) {
      restores_.begin(id, store, member_->changelogs());
      return nullptr;
    } catch (const stale_copy& x) {
      rebuild(x);
    } catch (const task_state::refused& x) {
      // Someone else commits: the task has been taken from us, and we have not been told yet.
      if (member_->committed(id) != committed)
        throw log_unavailable(to_string(id) + " is committed by another");
      rebuild(x);
    }
  }
}

std::int64_t lane::furthest_source() const {
  auto furthest = std::numeric_limits<std::int64_t>::min();
  for (const auto& task : tasks_)
    if (task->is_source()) furthest = std::max(furthest, task->state.clocks.w);
  return furthest;
}

void lane::restore(const task_id& id, task_store& store) {
  const auto read = [this](const task_id& task, std::int64_t from, const auto& apply) {
    return member_->restore(task, from, apply);
  };
  std::size_t records = 0;
  bring_up_to_date(store, id, read, settings_.now(), [&] {
    if (++records > settings_.restore_at_once) throw far_behind{};
    if (stopping_) throw log_unavailable("a restore was under way");
    ++counts_.restored;
    tell_now_and_then();
  });
}

std::unique_ptr<lane_task> lane::make_kpi_task(const task_id& id, std::shared_ptr<task_store> store) {
  kpi_task::options o{settings_.sources, settings_.live};
  for (std::int32_t p = 0; p < settings_.session_partitions; ++p)
    o.sources.push_back(to_string(task_id{stage::users, std::string(to_string(output::sessions)), p}));
  return std::make_unique<kpi_task>(context_, std::move(o), settings_.checkpoints, id, std::move(store));
}

std::unique_ptr<lane_task> lane::make_task(const task_id& id, std::shared_ptr<task_store> store,
                                           std::size_t session_bytes) {
  if (id.of == stage::kpis) return make_kpi_task(id, std::move(store));
  // One half of the budget is for actors, the other for the bytes of what has none.
  const auto max_live =
      std::min(settings_.max_live, std::max(least_live, session_bytes / 2 / live_footprint));
  auto checkpoints = settings_.checkpoints;
  checkpoints.max_bytes = session_bytes / 2;
  if (id.of == stage::users) {
    checkpoints.max_bytes /= user_overhead;
    return std::make_unique<users_task>(context_, users_task::options{settings_.sources, max_live},
                                        checkpoints, id, std::move(store));
  }
  ingest_task::options o;
  o.max_live = max_live;
  o.max_timers = settings_.max_timers;
  return make_source_task(id, std::move(store), std::move(o), checkpoints);
}

/// Of a source partition, or of weir.rekeyed, which stands for those that are not keyed by session.
std::unique_ptr<lane_task> lane::make_source_task(const task_id& id, std::shared_ptr<task_store> store,
                                                  ingest_task::options o,
                                                  const checkpoint_rules& checkpoints) {
  o.intake.live = settings_.live;
  if (id.topic == to_string(output::rekeyed)) {
    o.origins = settings_.origins;
    o.origin_intake = settings_.intake;
  } else {
    o.intake = settings_.intake(id);
    if (!o.intake.source.keyed_by_session)
      return std::make_unique<rekey_task>(context_, std::move(o.intake), settings_.checkpoints, id,
                                          std::move(store));
  }
  return std::make_unique<ingest_task>(context_, std::move(o), checkpoints, id, std::move(store));
}

/// A handler has thrown, or a timer: the epoch is dropped, and on the retry what failed becomes a dead
/// letter.
void lane::after_failure() {
  settle();
  const auto failure = *context_.failed;
  ++counts_.failures;
  const auto what =
      to_string(failure.task) + " offset " + std::to_string(failure.offset) + ": " + failure.cause;
  if (failure.in_redo && holds(rule::dead_live_only)) {
    if (++redo_failures_[failure.task] >= redo_tries)
      throw task_state::refused("redo failed " + std::to_string(redo_tries) + " times at " + what);
  } else if (failure.offset != lane_failure::no_offset) {
    poison_[failure.task].insert(failure.offset);
  } else {
    poison_keys_[failure.task].insert(failure.key);
  }
  settings_.warn("a handler failed, the epoch is dropped and the record becomes a dead letter: " + what);
  recover();
}

}  // namespace weir
