#include "state/log/kafka_member.hpp"

#include <fmt/format.h>

#include <utility>

#include "state/log/kafka_restore.hpp"

namespace weir {

namespace {
constexpr int patient_fences = 4, most_doublings = 5;
constexpr std::chrono::milliseconds first_pause(100);
constexpr std::size_t fencings = 3;
constexpr std::chrono::minutes fencing_time(1);
constexpr std::chrono::seconds rejoin_pause(1);
constexpr std::chrono::seconds alive_interval(5);
}  // namespace

kafka_member::kafka_member(const kafka_options& options, kafka_consumer::inputs in, const std::string& name)
    : name_(name), consumer_(options, std::move(in), name), producer_(options, name) {
  committer_ = std::jthread([this](const std::stop_token& stop) { run_commits(stop); });
}

kafka_member::~kafka_member() { wait(); }

void kafka_member::wait() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return flight_ == nullptr; });
}

void kafka_member::fence() {
  wait();
  outcome_.reset();
  done_.reset();
  hold_on();
  consumer_.show_alive();  // a recovery that is tried again must hear that its tasks are gone
  if (const auto why = consumer_.fatal(); !why.empty()) rejoin(why);
  producer_.fence();
  failed_.reset();
}

/// What fails again and again must not keep the brokers busy.
void kafka_member::hold_on() {
  int more = 0;
  {
    std::lock_guard lock(mutex_);
    more = std::min(++fences_ - patient_fences, most_doublings);
  }
  if (more > 0) std::this_thread::sleep_for(first_pause * (1 << more));
}

/// A consumer that is told it was fenced may have been so by its own earlier life, or by its own late return:
/// it comes back. If that does not last, another node is there under the same id, and both would go on for
/// ever.
void kafka_member::rejoin(const std::string& why) {
  const auto now = std::chrono::steady_clock::now();
  while (!rejoined_.empty() && now - rejoined_.front() > fencing_time) rejoined_.pop_front();
  rejoined_.push_back(now);
  if (rejoined_.size() > fencings)
    throw kafka_error(fmt::format(
        "{}: thrown out of the group {} times within a minute, the last time with \"{}\": another node runs "
        "under the same node.id. Give each node an id of its own",
        name_, rejoined_.size(), why));
  std::this_thread::sleep_for(rejoin_pause * (rejoined_.size() - 1));
  consumer_.rebuild();
}

std::int64_t kafka_member::restore(const task_id& task, std::int64_t from,
                                   const std::function<void(const state_change&, std::int64_t)>& apply) {
  auto shown = std::chrono::steady_clock::now();
  return restore_changelog(consumer_.options(), task, from,
                           [&](const state_change& change, std::int64_t time) {
                             apply(change, time);
                             const auto now = std::chrono::steady_clock::now();
                             if (now - shown < alive_interval) return;
                             shown = now;
                             consumer_.show_alive();
                             if (consumer_.assignment_changed())
                               throw log_unavailable("the group has assigned anew");
                           });
}

changelog_reader kafka_member::changelogs() {
  return [options = consumer_.options()](const auto& task, std::int64_t from, const auto& apply) {
    return restore_changelog(options, task, from, apply);
  };
}

void kafka_member::poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) {
  if (max_records > 0) return consumer_.poll(max_records, wait_ms, out);
  std::unique_lock lock(mutex_);
  idle_.wait_for(lock, std::chrono::milliseconds(wait_ms), [this] { return flight_ == nullptr; });
}

void kafka_member::commit(std::unique_ptr<epoch> e) {
  auto as = consumer_.group_metadata();
  std::lock_guard lock(mutex_);
  as_ = std::move(as);
  flight_ = std::move(e);
  work_.notify_one();
}

std::optional<outcome> kafka_member::landed() {
  std::lock_guard lock(mutex_);
  return std::exchange(outcome_, std::nullopt);
}

std::unique_ptr<epoch> kafka_member::take_landed() {
  std::lock_guard lock(mutex_);
  return std::move(done_);
}

void kafka_member::run_commits(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (work_.wait(lock, stop, [this] { return flight_ != nullptr; })) {
    auto& e = *flight_;
    lock.unlock();
    const auto done = producer_.commit(e, *as_);
    for (auto& part : e.tasks)
      if (const auto end = done.changelog_ends.find(part.task); end != done.changelog_ends.end())
        part.changelog_end = end->second;
    lock.lock();
    outcome_ = done.how;
    if (done.how == outcome::committed) {
      fences_ = 0;
      done_ = std::move(flight_);
    } else {
      failed_ = std::move(flight_);
    }
    idle_.notify_all();
  }
}

}  // namespace weir
