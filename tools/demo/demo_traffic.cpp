#include "tools/demo/demo_traffic.hpp"

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "pipeline/base/wall_clock.hpp"

namespace weir {

namespace {

constexpr std::size_t most_at_once = 4'000;     // records of one append
constexpr std::int64_t most_ahead = 20'000;     // records that are not committed
constexpr std::chrono::milliseconds pause(20);  // when there is nothing to send

std::filesystem::path plan_file(const std::filesystem::path& dir) { return dir / "demo.plan"; }

traffic_options options_of(const demo_plan& plan, std::uint64_t events) {
  auto o = options_of(plan);
  o.events = events;
  return o;
}

}  // namespace

traffic_options options_of(const demo_plan& plan) {
  traffic_options o;
  o.seed = plan.seed;
  o.sessions = plan.sessions;
  o.events_per_second = plan.rate;
  o.start = plan.start;
  o.partitions = plan.partitions;
  return o;
}

// One line: seed, rate, start, sessions, partitions.
std::optional<demo_plan> read_plan(const std::filesystem::path& dir) {
  if (!std::filesystem::exists(plan_file(dir))) return std::nullopt;
  std::ifstream in(plan_file(dir));
  demo_plan p;
  if (in >> p.seed >> p.rate >> p.start >> p.sessions >> p.partitions) return p;
  throw std::runtime_error(plan_file(dir).string() + ": is no plan of a demo");
}

void write_plan(const std::filesystem::path& dir, const demo_plan& p) {
  std::filesystem::create_directories(dir);
  const auto draft = dir / "demo.plan.new";
  std::ofstream out(draft);
  out.precision(17);
  out << p.seed << ' ' << p.rate << ' ' << p.start << ' ' << p.sessions << ' ' << p.partitions << '\n';
  out.close();
  if (!out) throw std::runtime_error(draft.string() + ": cannot be written");
  std::filesystem::rename(draft, plan_file(dir));  // whole or not at all
}

std::int64_t lag_of(local_log& log, const std::string& topic) {
  std::int64_t lag = 0;
  for (std::int32_t p = 0; p < log.partitions(topic); ++p)
    lag += log.end_of(topic, p) - log.committed({stage::ingest, topic, p});
  return lag;
}

demo_traffic::demo_traffic(local_log& log, std::string topic, const demo_plan& plan, std::uint64_t most)
    : log_(log), topic_(std::move(topic)), plan_(plan), generator_(options_of(plan, most)) {
  std::uint64_t there = 0;  // an append is whole or not there: what is there is a beginning of the plan
  for (std::int32_t p = 0; p < plan.partitions; ++p)
    there += static_cast<std::uint64_t>(log_.end_of(topic_, p));
  sent_ = there;
}

bool demo_traffic::due(const generated_record& r) const {
  return plan_.rate == 0 || r.arrival_time <= wall_now();
}

/// Takes what is due, until it is stopped. Returns false when the plan has no more.
bool demo_traffic::fill(batch& out, const std::stop_token& stop) {
  out.clear();
  while (out.size() < most_at_once && !stop.stop_requested()) {
    if (!has_next_) has_next_ = generator_.next(next_);
    if (!has_next_) return false;
    if (!due(next_)) return true;
    out.push_back({next_.partition, next_.arrival_time, next_.key, next_.value});
    has_next_ = false;
  }
  return true;
}

void demo_traffic::run(const std::stop_token& stop) {
  constexpr std::uint64_t step = 100'000;  // so that it can be stopped while it passes over what is there
  while (!stop.stop_requested() && generator_.position() < sent_)
    generator_.skip(std::min(step, sent_ - generator_.position()));
  batch records;
  bool more = true;
  while (more && !stop.stop_requested()) {
    if (lag_of(log_, topic_) < most_ahead) more = fill(records, stop);
    log_.append(topic_, records);
    sent_ += records.size();
    if (records.empty()) std::this_thread::sleep_for(pause);
    records.clear();
  }
  done_ = !more;
}

}  // namespace weir
