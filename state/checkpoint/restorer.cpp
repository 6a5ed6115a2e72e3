#include "state/checkpoint/restorer.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t portion = 4 << 20;  // bytes of a changelog that go into the copy together
constexpr std::chrono::milliseconds look(50), first_wait(100), longest_wait(5'000);

/// Thrown to end the reading of what has been given up.
struct given_up {};

}  // namespace

void bring_up_to_date(task_store& store, const task_id& task, const changelog_reader& read, std::int64_t now,
                      const std::function<void()>& each) {
  std::vector<state_change> changes;
  std::size_t bytes = 0;
  const auto take = [&] {
    store.apply(changes);
    changes.clear();
    bytes = 0;
  };
  const auto end = read(task, store.position(), [&](const state_change& change, std::int64_t) {
    each();
    bytes += change.key.size() + (change.value ? change.value->size() : 0);
    changes.push_back(change);
    if (bytes >= portion) take();
  });
  take();
  store.set_position(end, std::max(now, store.time()));
}

restorer::~restorer() { keep_only({}); }

void restorer::begin(const task_id& task, std::shared_ptr<task_store> store, changelog_reader read) {
  auto work = std::make_shared<job>();
  work->task = task;
  work->store = std::move(store);
  work->read = std::move(read);
  jobs_[task] = {std::move(work), {}};
  begin_next();
}

bool restorer::has_any_source() const {
  return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& job) {
    return job.first.of == stage::ingest && job.first.topic != to_string(output::rekeyed);
  });
}

/// One at a time: each reads ahead, in memory that no budget counts.
void restorer::begin_next() {
  const auto waits = [](const auto& job) { return !job.second.work->begun; };
  const auto runs = [](const auto& job) { return job.second.work->begun && !job.second.work->done; };
  if (std::any_of(jobs_.begin(), jobs_.end(), runs)) return;
  const auto next = std::find_if(jobs_.begin(), jobs_.end(), waits);
  if (next == jobs_.end()) return;
  const auto& work = next->second.work;
  work->begun = true;
  next->second.thread = start_([work, now = now_] { work_on(*work, now); });
}

void restorer::work_on(job& j, const std::function<std::int64_t()>& now) {
  try {
    insist(j, now);
  } catch (const given_up&) {
    return;
  } catch (const store_taken&) {  // should the task still be its lane's, that opens the store again
  } catch (...) {
    std::lock_guard lock(j.mutex);
    j.failure = std::current_exception();
  }
  j.done = true;
}

void restorer::insist(job& j, const std::function<std::int64_t()>& now) {
  const auto check = [&j] {
    if (j.ended) throw given_up{};
  };
  const auto warn = [&j](const std::exception& why, const char* what) {
    std::lock_guard lock(j.mutex);
    j.warnings.push_back(to_string(j.task) + ": " + what + ": " + why.what());
  };
  for (auto wait = first_wait;; wait = std::min(2 * wait, longest_wait)) {
    check();
    try {
      if (j.store->position() == 0) j.store->clear();  // what was begun may have missed tombstones since
      return bring_up_to_date(*j.store, j.task, j.read, now(), [&] { check(), ++j.records; });
    } catch (const stale_copy& x) {
      warn(x, "the local copy is made anew from the changelog");
      j.store->clear();
    } catch (const store_taken&) {
      throw;
    } catch (const log_unavailable& x) {
      warn(x, "cannot restore yet");
      const auto until = std::chrono::steady_clock::now() + wait;
      for (; std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(look)) check();
    }
  }
}

/// Returns when their stores are no one's.
void restorer::end(bool (*those)(const job&)) {
  for (auto e = jobs_.begin(); e != jobs_.end();) {
    auto& [work, thread] = e->second;
    if (!those(*work)) {
      ++e;
      continue;
    }
    if (thread.joinable()) thread.join();
    ended_records_ += work->records;
    work->store.reset();
    e = jobs_.erase(e);
  }
}

void restorer::keep_only(const std::vector<task_id>& tasks) {
  for (auto& [task, e] : jobs_)
    if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) e.work->ended = true;  // all at once
  end([](const job& j) { return j.ended.load(); });
}

bool restorer::any_done() {
  begin_next();
  bool any = false;
  for (const auto& [_, e] : jobs_) {
    if (!e.work->done) continue;
    any = true;
    std::lock_guard lock(e.work->mutex);
    if (e.work->failure) std::rethrow_exception(e.work->failure);
  }
  return any;
}

void restorer::let_go_done() {
  end([](const job& j) { return j.done.load(); });
}

std::uint64_t restorer::records() const {
  auto sum = ended_records_;
  for (const auto& [_, e] : jobs_) sum += e.work->records;
  return sum;
}

std::vector<std::string> restorer::take_warnings() {
  std::vector<std::string> all;
  for (auto& [_, e] : jobs_) {
    std::lock_guard lock(e.work->mutex);
    for (auto& text : std::exchange(e.work->warnings, {})) all.push_back(std::move(text));
  }
  return all;
}

}  // namespace weir
