#include "tools/bench/lane_side.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>

#include "actors/node.hpp"
#include "pipeline/base/json_writer.hpp"
#include "tools/bench/cpu_time.hpp"

namespace weir::bench {

namespace {

std::filesystem::path scratch() {
  const auto dir = std::filesystem::temp_directory_path() / fmt::format("weir-bench-{}", getpid());
  std::filesystem::create_directories(dir);
  return dir;
}

/// The lane's clock, milliseconds: by the wall's it would commit the more often the busier the machine is
/// with other things.
std::int64_t now() { return std::chrono::duration_cast<std::chrono::milliseconds>(thread_cpu()).count(); }

}  // namespace

lane_side::lane_side(const settings& configuration, const rules& r, const traffic_sources& sources,
                     shared_enrichment data, bench_sink& sink)
    : configuration_(configuration),
      source_(replay_source(configuration)),
      data_(std::move(data)),
      dir_(scratch()),
      store_(dir_, {configuration.memory.rocksdb}) {
  set_up_log(sink);
  auto member = log_.join("lane-00");
  lane_ = std::make_unique<lane>(system_, r, sources, settings_of(), std::move(member));
  lane_->recover();
}

lane_side::~lane_side() {
  lane_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(dir_, ignored);
}

void lane_side::set_up_log(bench_sink& sink) {
  const std::string partials(to_string(output::partials));
  log_.create_topic(source_.topic, 1);
  const std::string sessions(to_string(output::sessions));
  log_.create_topic(sessions, static_cast<std::int32_t>(configuration_.topics.partitions));
  log_.create_topic(partials, static_cast<std::int32_t>(configuration_.topics.partitions));
  log_.add_input(stage::ingest, source_.topic);
  log_.add_input(stage::users, sessions);
  log_.add_input(stage::kpis, partials);
  for (auto to : {output::events, output::sessions, output::users, output::late, output::dlq, output::gold})
    log_.set_sink(to, [&sink](const outbox& box, const outbox::record& r) { sink.take(box, r); });
}

lane_settings lane_side::settings_of() {
  auto s = make_lane_settings(configuration_, 0, 1);
  s.batch = configuration_.replay.batch;
  s.live = false;
  s.sources = {to_string(task_id{stage::ingest, source_.topic, 0})};
  s.intake = [this](const task_id& id) {
    intake_options o;
    o.topic = id.topic;
    o.source = source_;
    o.live = false;
    return o;
  };
  s.enrichment = [this] { return data_; };
  s.store = [this](const task_id& id) { return store_.open(id); };
  s.now = now;
  s.warn = [](const std::string& what) { throw std::runtime_error(what); };
  return s;
}

void lane_side::take(const bench_input::runs& runs) {
  for (const auto& run : runs) log_.append(source_.topic, 0, run);
  const auto end = log_.end_of(source_.topic, 0);
  while (read() < end) lane_->step(0);
  settle();
}

/// Commits what is there, and what comes of it: sessions, then their users, then the windows of both.
void lane_side::settle() {
  for (int stage = 0; stage < 2; ++stage) {
    while (lane_->in_flight()) lane_->land();
    lane_->seal(false);
    while (lane_->in_flight()) lane_->land();
    while (lane_->poll(configuration_.replay.batch, 0) > 0) {
    }
  }
}

void lane_side::finish() {
  log_.end_topic(source_.topic);
  while (!lane_->idle()) lane_->step(0);
}

std::int64_t lane_side::read() const {
  for (auto* task : lane_->tasks())
    if (task->state.id().of == stage::ingest) return task->state.next();
  throw std::logic_error("the lane has no source");
}

std::string lane_side::report() const {
  std::size_t keys = 0;
  for (auto* task : lane_->tasks())
    if (task->state.id().of == stage::ingest) keys = task->state.keys_in_memory();
  const auto counts = lane_->counts();
  std::string text;
  json_writer out(text);
  out.begin_object();
  out.field("live_actors", static_cast<std::uint64_t>(lane_->live_sessions()));
  out.field("keys", static_cast<std::uint64_t>(keys));
  out.field("commits", counts.commits).field("checkpointed", counts.checkpointed);
  out.end_object();
  return text;
}

}  // namespace weir::bench
