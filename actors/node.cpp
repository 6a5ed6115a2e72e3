#include "actors/node.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/wall_clock.hpp"

namespace weir {

namespace {
constexpr std::uint64_t bytes_a_record = 512;  // as input is taken to be, where a bound is in bytes
}  // namespace

unsigned lane_count(const settings& s) {
  return s.node.lanes == 0 ? std::max(1U, std::thread::hardware_concurrency()) : s.node.lanes;
}

lane_settings make_lane_settings(const settings& s, unsigned number, unsigned lanes) {
  lane_settings l;
  l.name = fmt::format("lane-{:02}", number);
  const auto redo_records = std::max<std::uint64_t>(1, s.checkpoint.max_redo_bytes / bytes_a_record);
  l.checkpoints = {s.commit.interval, s.checkpoint.interval, static_cast<std::int64_t>(redo_records)};
  l.max_epoch_bytes = s.commit.max_bytes;
  l.max_epoch_records = s.commit.max_records;
  l.max_live = std::max<std::size_t>(1, s.actors.max_live / lanes);
  l.session_bytes = s.memory.sessions / lanes;
  l.session_partitions = static_cast<std::int32_t>(s.topics.partitions);
  l.partial_partitions = static_cast<std::int32_t>(s.topics.partitions);
  l.now = wall_now;
  return l;
}

std::function<intake_options(const task_id&)> live_intake(const settings& s) {
  return [sources = s.sources](const task_id& id) {
    intake_options o;
    o.topic = id.topic;
    o.partition = id.partition;
    for (const auto& [_, source] : sources)
      if (source.topic == id.topic) o.source = source;
    return o;
  };
}

node::node(caf::actor_system& system, const rules& r, const traffic_sources& sources)
    : system_(system), rules_(r), sources_(sources) {}

node::~node() { stop(); }

void node::add(lane_settings settings, std::unique_ptr<log_member> member) {
  auto w = std::make_unique<worker>();
  w->last.lane = settings.name;
  w->settings = std::move(settings);
  w->member = std::move(member);
  workers_.push_back(std::move(w));
}

void node::start(std::function<std::uint64_t()> log_version) {
  log_version_ = std::move(log_version);
  for (auto& w : workers_) w->thread = std::jthread([this, &w] { run(*w); });
}

/// A lane's thread, from its recovery to its end.
void node::run(worker& w) {
  try {
    auto made = std::make_unique<lane>(system_, rules_, sources_, std::move(w.settings), std::move(w.member));
    {
      std::lock_guard lock(mutex_);
      w.of = std::move(made);
      if (stopping_) w.of->stop();
    }
    w.of->run(log_version_);
  } catch (const std::exception& x) {
    fail(x.what());
  }
  std::unique_ptr<lane> done;  // ends without the lock: it may have to wait for the log
  std::unique_lock lock(mutex_);
  // A member that leaves has its tasks assigned to those that stay: none leaves before all have committed.
  ++halted_;
  ready_.notify_all();
  ready_.wait(lock, [this] { return stopping_ && halted_ == workers_.size(); });
  if (w.of) {
    w.last = w.of->report();
    w.last.counts = w.of->counts();
  }
  w.last.state = lane_state::ended;
  w.last.tasks.clear();
  done = std::move(w.of);
  lock.unlock();
}

void node::fail(const std::string& why) {
  std::lock_guard lock(mutex_);
  if (failure_.empty()) failure_ = why;
  ready_.notify_all();
}

void node::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& w : workers_)
      if (w->of) w->of->stop();
    ready_.notify_all();
  }
  for (auto& w : workers_)
    if (w->thread.joinable()) w->thread.join();
}

void node::drain() {
  std::lock_guard lock(mutex_);
  for (auto& w : workers_)
    if (w->of) w->of->drain();
}

bool node::drained() const {
  std::lock_guard lock(mutex_);
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const auto& w) { return w->of && w->of->drained(); });
}

std::optional<std::string> node::failure() const {
  std::lock_guard lock(mutex_);
  return failure_.empty() ? std::nullopt : std::optional(failure_);
}

bool node::idle_at(std::uint64_t version) const {
  std::lock_guard lock(mutex_);
  return std::all_of(workers_.begin(), workers_.end(),
                     [&](const auto& w) { return w->of && w->of->idle_at() == version; });
}

lane_counts node::counts() const {
  std::lock_guard lock(mutex_);
  lane_counts sum;
  for (const auto& w : workers_) sum += w->of ? w->of->told() : w->last.counts;
  return sum;
}

std::vector<lane_report> node::reports() const {
  std::lock_guard lock(mutex_);
  std::vector<lane_report> all;
  for (const auto& w : workers_) all.push_back(w->of ? w->of->report() : w->last);
  return all;
}

}  // namespace weir
