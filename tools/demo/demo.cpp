#include "tools/demo/demo.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <caf/actor_system.hpp>
#include <filesystem>
#include <thread>

#include "actors/job_shape.hpp"
#include "actors/logging.hpp"
#include "actors/node.hpp"
#include "actors/system_config.hpp"
#include "config/embedded.hpp"
#include "config/enrichment_files.hpp"
#include "config/error.hpp"
#include "config/referrer_lists.hpp"
#include "config/units.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "state/log/topic_of.hpp"
#include "state/log/weir_topics.hpp"
#include "tools/demo/demo_screen.hpp"
#include "tools/demo/demo_traffic.hpp"
#include "tools/demo/terminal.hpp"
#include "tools/stop_signals.hpp"

namespace weir {

namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr double default_rate = 100;             // records a second
constexpr std::int64_t history = 2 * 3'600'000;  // milliseconds of event time before the first start
constexpr milliseconds tick(100);
constexpr milliseconds repaint(1'000);
constexpr milliseconds drain_time(10'000);  // at the end, for what is in the log already

/// Thrown for options that cannot be followed: status 2.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

double parse_rate(const std::string& text) {
  if (text.empty()) return default_rate;
  if (text == "max") return 0;
  const auto rate = config::parse_number(text);
  if (!rate || *rate == 0)
    throw usage_error("--rate: expected records a second, or max, got \"" + text + "\"");
  return *rate;
}

demo_plan new_plan(const settings& s, const demo_options& o) {
  demo_plan p;
  p.seed = o.seed.value_or(p.seed);
  p.sessions = o.sessions.value_or(p.sessions);
  p.rate = parse_rate(o.rate);
  p.start = (wall_now() - history) / 1000 * 1000;
  p.partitions = static_cast<std::int32_t>(s.topics.partitions);
  if (const auto fault = fault_of(options_of(p)); !fault.empty()) throw usage_error(fault);
  return p;
}

/// The folder's plan goes on; an option that asks for another traffic is refused.
demo_plan choose_plan(const std::filesystem::path& dir, const settings& s, const demo_options& o) {
  const auto kept = read_plan(dir);
  if (!kept && std::filesystem::exists(dir / "log"))
    throw usage_error(fmt::format(
        "{0} holds a log, but {0}/demo.plan, which says how its traffic goes on, is not there: put it back, "
        "remove the folder to begin anew, or take another --data",
        dir.string()));
  if (!kept) {
    const auto fresh = new_plan(s, o);
    write_plan(dir, fresh);
    return fresh;
  }
  auto asked = new_plan(s, o);
  asked.start = kept->start;
  if (!o.seed) asked.seed = kept->seed;
  if (!o.sessions) asked.sessions = kept->sessions;
  if (o.rate.empty()) asked.rate = kept->rate;
  if (asked == *kept) return asked;
  throw usage_error(
      fmt::format("{} holds a demo with --seed {} --rate {} --sessions {} and topics.partitions {}: leave "
                  "these away to go on "
                  "with it, or take another --data",
                  dir.string(), kept->seed, kept->rate == 0 ? "max" : fmt::format("{}", kept->rate),
                  kept->sessions, kept->partitions));
}

/// One run of the demo.
class demo_run {
 public:
  demo_run(const settings& s, const demo_options& o)
      : settings_(s),
        options_(o),
        dir_(o.data.empty() ? s.node.data_dir : o.data),
        plan_(choose_plan(dir_, s, o)),
        topic_(source_topic(s)),
        rules_(make_rules(s)),
        traffic_sources_(referrer_lists_of(s.lists.referrers)),
        enrichment_(s),
        log_(dir_ / "log", {s.memory.rocksdb}, {s.log.retention, s.log.max_bytes}) {
    make_topics();
    load_view();
  }

  int run() {
    system_config config;
    caf::actor_system system(config);
    node lanes(system, rules_, traffic_sources_);
    const auto count = lane_count(settings_);
    for (unsigned i = 0; i < count; ++i) lanes.add(settings_of(i, count), log_.join(i, count));
    lanes.start([this] { return log_.version(); });
    {
      std::jthread producer;
      if (!options_.finish) producer = std::jthread([this](const std::stop_token& t) { produce(t); });
      watch(lanes);
    }
    drain(lanes);
    lanes.stop();
    show(lanes, true);
    return end(lanes);
  }

 private:
  static std::string source_topic(const settings& s) {
    const auto found = s.sources.find("web");
    if (found == s.sources.end() || s.sources.size() != 1)
      throw usage_error("sources: the demo's traffic needs the source web, and no other");
    return found->second.topic;
  }

  void make_topics() {
    log_.create_topic(topic_, plan_.partitions);
    for (const auto& t : weir_topics(static_cast<std::int32_t>(settings_.topics.partitions), plan_.partitions,
                                     rekeyed_partitions(sources())))
      log_.create_topic(t.name, t.partitions,
                        t.compacted ? local_log::cleanup::compact : local_log::cleanup::by_age);
    for (const auto& [of, input] : job_inputs({sources().front().rules})) log_.add_input(of, input);
    if (options_.finish) log_.end_topic(topic_);
  }

  /// What was published before this start.
  void load_view() {
    for (auto fam : {family::site, family::pages, family::sources}) {
      const auto topic = gold_topic(fam);
      for (std::int32_t p = 0; p < log_.partitions(topic); ++p)
        log_.read_latest(topic, p, {}, [&](auto, auto, std::string_view key, std::string_view value) {
          view_.take(fam, key, value);
          return true;
        });
    }
    log_.on_commit([this](const epoch& e) { view_.take(e.outputs); });
  }

  std::vector<sized_source> sources() const {
    return {{settings_.sources.find("web")->second, plan_.partitions}};
  }

  lane_settings settings_of(unsigned lane, unsigned lanes) {
    auto s = make_lane_settings(settings_, lane, lanes);
    name_tasks(sources(), s);
    s.intake = live_intake(settings_);
    s.enrichment = [this] { return enrichment_.current(); };
    s.store = [this](const task_id& id) { return log_.store(id); };
    s.warn = log_to_.with({{"lane", s.name}}).warner();
    return s;
  }

  void produce(const std::stop_token& stop) {
    try {
      demo_traffic traffic(log_, topic_, plan_, options_.events);
      traffic.run(stop);
      all_sent_ = traffic.done();
    } catch (const std::exception& x) {
      std::lock_guard lock(mutex_);
      failure_ = x.what();
    }
  }

  /// Shows the demo until it is to end.
  void watch(const node& lanes) {
    auto shown = steady::now() - options_.every;
    while (!signals_.wait(tick) && !failed(lanes) && !over(lanes)) {
      const auto every = terminal_ ? repaint : options_.every;
      if (steady::now() - shown < every) continue;
      shown = steady::now();
      show(lanes, false);
    }
  }

  bool over(const node& lanes) {
    if (options_.duration.count() > 0 && steady::now() - started_ >= options_.duration) return true;
    if (all_sent_) return lag_of(log_, topic_) == 0;
    return options_.finish && idle(lanes);
  }

  bool idle(const node& lanes) {
    const auto version = log_.version();
    return lanes.idle_at(version) && log_.version() == version;
  }

  /// What is in the log already is still worked off, if that does not take long.
  void drain(const node& lanes) {
    const auto until = steady::now() + drain_time;
    while (!signals_.asked() && !failed(lanes) && lag_of(log_, topic_) > 0 && steady::now() < until)
      signals_.wait(tick);
  }

  bool failed(const node& lanes) {
    if (lanes.failure()) return true;
    std::lock_guard lock(mutex_);
    return !failure_.empty();
  }

  void show(const node& lanes, bool last) {
    demo_moment m;
    m.gold = view_.look();
    m.counts = lanes.counts();
    for (std::int32_t p = 0; p < plan_.partitions; ++p)
      m.sent += static_cast<std::uint64_t>(log_.end_of(topic_, p));
    m.lag = lag_of(log_, topic_);
    const auto now = steady::now();
    const auto seconds = std::chrono::duration<double>(now - (last ? started_ : rated_at_)).count();
    m.rate = static_cast<double>(m.counts.intake.in - (last ? 0 : rated_)) / std::max(seconds, 1e-3);
    rated_at_ = now;
    rated_ = m.counts.intake.in;
    if (terminal_)
      fmt::print("\x1b[2J\x1b[H{}", fit(demo_screen(m, dir_.string()), size_of_terminal(STDOUT_FILENO)));
    else
      fmt::print("{}\n", demo_line(m));
    std::fflush(stdout);
  }

  int end(const node& lanes) {
    if (const auto why = lanes.failure()) failure_ = *why;
    if (!failure_.empty()) {
      fmt::print(stderr, "weir demo: {}\n", failure_);
      return 1;
    }
    fmt::print("stopped; look at it with: weir log dump {0} weir.gold.site --latest\n", dir_.string());
    return 0;
  }

  const settings& settings_;
  const demo_options& options_;
  const std::filesystem::path dir_;
  const demo_plan plan_;
  const std::string topic_;
  const rules rules_;
  const traffic_sources traffic_sources_;
  const enrichment_files enrichment_;
  const logger log_to_{settings_.logging};
  stop_signals signals_;  // before any thread
  live_view view_;        // before the log, which tells it
  local_log log_;
  const bool terminal_ = isatty(STDOUT_FILENO) != 0;
  const steady::time_point started_ = steady::now();
  steady::time_point rated_at_ = started_;
  std::uint64_t rated_ = 0;
  std::atomic<bool> all_sent_ = false;
  std::mutex mutex_;  // guards failure_ while the producer runs
  std::string failure_;
};

}  // namespace

std::string demo_settings() { return std::string(embedded_demo().front().text); }

int demo(const settings& configuration, const demo_options& options) {
  try {
    return demo_run(configuration, options).run();
  } catch (const usage_error& x) {
    fmt::print(stderr, "weir demo: {}\n", x.what());
    return 2;
  } catch (const config_error&) {
    throw;
  } catch (const damaged_store& x) {
    fmt::print(
        stderr,
        "weir demo: {}\nfiles of the log are missing or damaged; weir cannot mend them: put back a copy "
        "of the whole folder, remove it to begin anew, or take another --data\n",
        x.what());
    return 1;
  } catch (const std::exception& x) {
    fmt::print(stderr, "weir demo: {}\n", x.what());
    return 1;
  }
}

}  // namespace weir
