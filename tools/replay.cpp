#include "tools/replay.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>

#include "actors/job_shape.hpp"
#include "actors/logging.hpp"
#include "actors/node.hpp"
#include "actors/system_config.hpp"
#include "config/enrichment_files.hpp"
#include "config/error.hpp"
#include "config/referrer_lists.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "state/log/memory_log.hpp"
#include "state/store/rocks_db.hpp"
#include "tools/output_error.hpp"
#include "tools/replay_folder.hpp"
#include "tools/replay_inputs.hpp"
#include "tools/replay_output.hpp"
#include "tools/replay_progress.hpp"
#include "tools/replay_stop.hpp"

namespace weir {

namespace {

using clock = std::chrono::steady_clock;
constexpr double strict_share = 0.01;

/// One run: the log, the lanes on their threads, and what is counted.
class replay_run {
 public:
  replay_run(const settings& configuration, const replay_options& options)
      : configuration_(configuration),
        options_(options),
        rules_(make_replay_rules(configuration)),
        now_(configuration.replay.now.value_or(wall_now())),
        lists_(referrer_lists_of(configuration.lists.referrers)),
        traffic_(lists_),
        enrichment_(configuration) {}

  int run() {
    inputs_.open(options_.files, options_.format, rules_.validation.max_bytes, now_);
    if (!inputs_.any()) return status();
    prepare_output();
    set_up_log();
    run_lanes();
    if (failures_.empty()) count_empty_lines();
    finish();
    return status();
  }

 private:
  void prepare_output() {
    folder_.emplace(options_.out);
    stop_.emplace(folder_->work());
    work_ = std::make_unique<rocks_db>(folder_->state(), rocks_db::options{configuration_.memory.rocksdb});
    output_ = std::make_unique<replay_output>(folder_->staging(), *work_);
  }

  /// Writes what is written at the end, and puts all into its place. A fault is remembered: what was read is
  /// accounted for all the same.
  void finish() {
    std::uint64_t sessions = 0;
    bool published = false;
    attempt([&] {
      if (failures_.empty()) sessions = output_->finish();
    });
    output_.reset();
    work_.reset();
    folder_->drop_state();
    attempt([&] {
      write_summary(sessions);
      stop_->hold_off();
      folder_->publish();
      published = true;
    });
    if (!options_.quiet) attempt([&] { tell(sessions, published); });
  }

  template <class Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const std::exception& x) {
      failures_.emplace_back(x.what());
    }
  }

  void set_up_log() {
    const auto& topic = replay_source(configuration_).topic;
    const auto files = static_cast<std::int32_t>(options_.files.size());
    log_.create_topic(topic, files);
    log_.create_topic(std::string(to_string(output::partials)),
                      static_cast<std::int32_t>(configuration_.topics.partitions));
    log_.create_topic(std::string(to_string(output::sessions)),
                      static_cast<std::int32_t>(configuration_.topics.partitions));
    if (const auto count = rekeyed_partitions(sources()); count > 0)
      log_.create_topic(std::string(to_string(output::rekeyed)), count);
    for (const auto& [of, input] : job_inputs({replay_source(configuration_)})) log_.add_input(of, input);
    for (std::int32_t i = 0; i < files; ++i)
      log_.set_source(topic, i, [this, i] {
        return inputs_.next(static_cast<std::size_t>(i), configuration_.replay.batch);
      });
    for (auto to : {output::events, output::sessions, output::users, output::late, output::dlq, output::gold})
      log_.set_sink(to, [this](const outbox& box, const outbox::record& r) { output_->take(box, r); });
  }

  /// The files are the partitions of the one source.
  std::vector<sized_source> sources() const {
    return {{replay_source(configuration_), static_cast<std::int32_t>(options_.files.size())}};
  }

  lane_settings settings_of(unsigned lane, unsigned lanes) {
    auto s = make_lane_settings(configuration_, lane, lanes);
    s.batch = configuration_.replay.batch;
    s.live = false;
    s.enrichment = [this] { return enrichment_.current(); };
    const auto& source = replay_source(configuration_);
    name_tasks(sources(), s);
    s.intake = [this, &source](const task_id& id) {
      const auto i = static_cast<std::size_t>(id.partition);
      const auto& file = options_.files[i];
      return intake_options{source.topic,
                            id.partition,
                            source,
                            inputs_.is_access_log(i),
                            false,
                            file == "-" ? "stdin" : std::filesystem::path(file).filename().string(),
                            configuration_.replay.site_url,
                            configuration_.replay.site};
    };
    s.store = [this](const task_id& id) { return work_->open(id); };
    s.warn = logger_.with({{"lane", s.name}}).warner();
    return s;
  }

  void run_lanes() {
    const auto count = lane_count(configuration_);
    system_config config;
    caf::actor_system system(config);
    node lanes(system, rules_, traffic_);
    std::vector<std::unique_ptr<log_member>> members;
    for (unsigned i = 0; i < count; ++i) members.push_back(log_.join(fmt::format("lane-{:02}", i)));
    for (unsigned i = 0; i < count; ++i) lanes.add(settings_of(i, count), std::move(members[i]));
    lanes.start([this] { return log_.version(); });
    watch(lanes);
    lanes.stop();
    if (const auto why = lanes.failure()) failures_.push_back(*why);
    const auto done = lanes.counts();
    counts_ += done.intake;
    troubles_ = replay_troubles(done, count);
  }

  /// Waits until no lane finds anything to do, or one fails.
  void watch(const node& lanes) {
    replay_progress progress(!options_.quiet && isatty(STDERR_FILENO) != 0);
    while (!lanes.failure()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      const auto version = log_.version();
      if (lanes.idle_at(version) && log_.version() == version) break;
      progress.show(inputs_.bytes_read(), inputs_.bytes_total());
    }
    progress.end();
  }

  /// Empty lines are numbered, but are no records.
  void count_empty_lines() {
    counts_.skipped += inputs_.lines() - counts_.lines;
    counts_.lines = inputs_.lines();
  }

  void write_summary(std::uint64_t sessions) {
    std::string text;
    json_writer out(text);
    out.begin_object();
    out.field("lines", counts_.lines).field("skipped", counts_.skipped).field("in", counts_.in);
    out.field("valid", counts_.valid).name("dead_letters").begin_object();
    for (std::size_t i = 0; i < counts_.dead.size(); ++i)
      if (counts_.dead[i] > 0) out.field(to_string(static_cast<reason>(i)), counts_.dead[i]);
    out.end_object();
    out.field("duplicates", counts_.duplicates)
        .field("late", counts_.late)
        .field("too_late", counts_.too_late);
    out.field("sessions", sessions);
    out.field("seconds", std::chrono::duration<double>(clock::now() - started_).count());
    out.end_object();
    const auto path = folder_->staging() / "summary.json";
    std::FILE* file = std::fopen(path.c_str(), "wb");
    const bool good = file && std::fputs((text + "\n").c_str(), file) >= 0;
    if (!file || std::fclose(file) != 0 || !good)
      throw output_error("cannot write " + path.string() + ": " + std::strerror(errno));
  }

  void tell(std::uint64_t sessions, bool published) {
    const double seconds = std::chrono::duration<double>(clock::now() - started_).count();
    const auto line = fmt::format(
        "{} lines in {:.1f} s ({:.0f} a second): {} skipped, {} valid, {} dead letters, {} duplicates, {} "
        "late, {} too late, {} sessions; {} {}\n",
        counts_.lines, seconds, static_cast<double>(counts_.lines) / std::max(seconds, 1e-3), counts_.skipped,
        counts_.valid, counts_.dead_letters(), counts_.duplicates, counts_.late, counts_.too_late, sessions,
        published ? "see" : "nothing new in", options_.out);
    if (std::fputs(line.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
      throw output_error(std::string("cannot write to standard output: ") + std::strerror(errno));
  }

  int status() {
    for (const auto& trouble : troubles_) fmt::print(stderr, "weir replay: {}\n", trouble);
    for (const auto& e : inputs_.errors()) fmt::print(stderr, "weir replay: {}\n", e);
    for (const auto& e : failures_) fmt::print(stderr, "weir replay: {}\n", e);
    if (!inputs_.errors().empty() || !failures_.empty()) return 1;
    if (counts_.in > 0 && counts_.valid == 0) {
      fmt::print(stderr, "weir replay: not one of {} records is valid; dlq.ndjson says why\n", counts_.in);
      return 3;
    }
    const double share =
        counts_.valid == 0 ? 0 : static_cast<double>(counts_.too_late) / static_cast<double>(counts_.valid);
    if (share <= strict_share) return 0;
    fmt::print(stderr,
               "weir replay: {:.1f} % of the events are too late: the input is not in order of time\n",
               100 * share);
    return options_.strict ? 3 : 0;
  }

  const settings& configuration_;
  const replay_options& options_;
  logger logger_{configuration_.logging};
  rules rules_;
  std::int64_t now_;
  referrer_lists lists_;
  traffic_sources traffic_;
  enrichment_files enrichment_;
  std::optional<replay_folder> folder_;
  std::optional<replay_stop> stop_;
  std::unique_ptr<rocks_db> work_;
  std::unique_ptr<replay_output> output_;
  replay_inputs inputs_;
  memory_log log_{{false, true, false}};
  intake_counts counts_;
  std::vector<std::string> troubles_, failures_;
  clock::time_point started_ = clock::now();
};

std::string times(std::uint64_t n) { return fmt::format("{} time{}", n, n == 1 ? "" : "s"); }

}  // namespace

std::vector<std::string> replay_troubles(const lane_counts& done, std::uint64_t lanes) {
  std::vector<std::string> lines;
  if (done.failures > 0)
    lines.push_back(
        fmt::format("{} a handler failed: what it was given is in dlq.ndjson as internal_error, and "
                    "the log above says why",
                    times(done.failures)));
  if (done.recoveries > lanes)
    lines.push_back(fmt::format("the lanes began again {} and read {} records twice; nothing counts twice",
                                times(done.recoveries - lanes), done.redone));
  if (done.divergences > 0)
    lines.push_back(
        fmt::format("{} records that were read again did not make what they had made before: sessions "
                    "and gold may be wrong. This is a fault of weir; please report it with the log above",
                    times(done.divergences)));
  return lines;
}

int replay(const settings& configuration, const replay_options& options) {
  if (options.out.empty()) {
    fmt::print(stderr, "weir replay: --out: expected a folder, got \"\"\n");
    return 2;
  }
  if (const auto file = input_in_the_way(options.files, options.out); !file.empty()) {
    fmt::print(stderr, "weir replay: {} is an input, and a file that would be replaced in {}\n",
               file == "-" ? "standard input" : file, options.out);
    return 2;
  }
  try {
    return replay_run(configuration, options).run();
  } catch (const config_error& x) {
    fmt::print(stderr, "weir replay: {}\n", x.what());
    return 2;
  } catch (const referrer_lists_error& x) {
    fmt::print(stderr, "weir replay: lists.referrers: {}\n", x.what());
    return 2;
  } catch (const std::exception& x) {
    fmt::print(stderr, "weir replay: {}\n", x.what());
    return 1;
  }
}

}  // namespace weir
