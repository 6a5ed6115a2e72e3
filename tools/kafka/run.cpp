#include "tools/kafka/run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <caf/actor_system.hpp>
#include <filesystem>

#include "actors/logging.hpp"
#include "actors/node.hpp"
#include "actors/system_config.hpp"
#include "config/alerts.hpp"
#include "config/enrichment_files.hpp"
#include "config/error.hpp"
#include "config/referrer_lists.hpp"
#include "config/secret_file.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "serving/alerter.hpp"
#include "serving/broker_probe.hpp"
#include "serving/http_server.hpp"
#include "serving/node_routes.hpp"
#include "state/store/rocks_db.hpp"
#include "tools/alerts/alert_text.hpp"
#include "tools/kafka/job.hpp"
#include "tools/kafka/membership.hpp"
#include "tools/kafka/options.hpp"
#include "tools/stop_signals.hpp"

namespace weir {

namespace {

constexpr std::chrono::milliseconds tick(100);
constexpr std::chrono::minutes report_interval(1);
constexpr std::chrono::seconds look_interval(1);  // at files of lists and databases

/// One run of this node.
class node_run {
 public:
  explicit node_run(const settings& s)
      : settings_(s),
        rules_(make_rules(s)),
        traffic_(s.lists.referrers == "default" ? default_referrer_lists()
                                                : load_referrer_lists(s.lists.referrers)),
        enrichment_(s),
        log_to_(logger(s.logging).with({{"node", node_id(s)}})),
        webhook_secret_(read_secret("webhook.secret", s.webhook.secret)),
        log_(options(), job_inputs(s)),
        probe_(options()),
        db_(open_state()) {}

  int run() {
    make_topics();
    system_config config;
    caf::actor_system system(config);
    node lanes(system, rules_, traffic_);
    const auto count = lane_count(settings_);
    for (unsigned i = 0; i < count; ++i) {
      auto s = settings_of(i, count);
      auto member = log_.join(fmt::format("{}-{:03}", node_id(settings_), i));
      lanes.add(std::move(s), std::move(member));
    }
    log_to_.info("starting", {{"lanes", count}, {"brokers", settings_.kafka.brokers}});
    const auto server = serve(lanes);
    lanes.start([] { return std::uint64_t{1}; });
    membership member(settings_, options(), server ? server->address() : std::string());
    auto alerts = watch_gold();
    watch(lanes, member);
    lanes.stop();
    alerts.reset();
    member.end();
    tell(lanes, "stopped");
    if (const auto why = lanes.failure()) {
      log_to_.error(*why);
      return 1;
    }
    return 0;
  }

 private:
  kafka_options options() {
    auto o = kafka_options_of(settings_);
    o.warn = log_to_.warner();
    return o;
  }

  /// The changelogs have all that a damaged copy held: it is put aside.
  std::unique_ptr<rocks_db> open_state() {
    const auto folder = std::filesystem::path(settings_.node.data_dir) / "state";
    try {
      return std::make_unique<rocks_db>(folder, rocks_db::options{settings_.memory.rocksdb});
    } catch (const damaged_store& x) {
      auto aside = folder;
      aside += fmt::format(".damaged-{}", wall_now());
      std::filesystem::rename(folder, aside);
      log_to_.warn("the local state is damaged and is built anew from the changelogs",
                   {{"reason", x.what()}, {"put_aside", aside.string()}});
      return std::make_unique<rocks_db>(folder, rocks_db::options{settings_.memory.rocksdb});
    }
  }

  /// What is missing of weir's own is made; sources must be there.
  void make_topics() {
    auto topics = job_topics(settings_, log_);
    log_.create(topics);
    const auto changelogs = log_.changelogs();
    log_.create(changelogs);
    topics.insert(topics.end(), changelogs.begin(), changelogs.end());
    log_.check(topics, settings_.output.max_bytes);
    sources_ = job_sources(settings_, log_);
  }

  lane_settings settings_of(unsigned lane, unsigned lanes) {
    auto s = make_lane_settings(settings_, lane, lanes);
    name_tasks(sources_, s);
    s.oldest_copy = tombstone_time_ms / 2;
    s.intake = live_intake(settings_);
    s.enrichment = [this] { return enrichment_.current(); };
    s.store = [this](const task_id& id) { return db_->open(id); };
    s.warn = log_to_.with({{"lane", s.name}}).warner();
    return s;
  }

  /// Nothing when http.listen is off. It ends after the lanes.
  std::unique_ptr<http_server> serve(const node& lanes) {
    if (settings_.http.listen.empty()) return nullptr;
    auto server = std::make_unique<http_server>(
        settings_.http.listen,
        node_routes([&] { return see(lanes); }, [this] { return probe_.trouble(); },
                    [this] { drain_asked_ = true; }),
        log_to_.warner());
    log_to_.info("listening", {{"http", server->address()}});
    return server;
  }

  std::unique_ptr<alerter> watch_gold() {
    alerter::options o;
    o.kafka = options();
    o.rules = make_alert_rules(settings_);
    o.publish_interval = settings_.kpi.publish_interval;
    o.notify = {settings_.webhook.url, webhook_secret_, log_to_.warner()};
    o.now = wall_now;
    o.warn = log_to_.warner();
    o.told = [this](const alert_change& change) {
      log_to_.info(change.firing ? "alert fired" : "alert resolved",
                   {{"alert", name_of(change)}, {"what", text_of(change)}});
    };
    return std::make_unique<alerter>(std::move(o));
  }

  node_view see(const node& lanes) const {
    const auto disk = std::filesystem::space(settings_.node.data_dir);
    return {wall_now(), lanes.reports(), lanes.failure(), db_->usage(), disk.available, disk.capacity, {}};
  }

  /// Until the node is stopped, fails, or has been drained.
  void watch(node& lanes, membership& member) {
    auto told = std::chrono::steady_clock::now();
    bool draining = false;
    while (!signals_.wait(tick) && !lanes.failure() && !(draining && lanes.drained())) {
      if (drain_asked_ && !draining) {
        draining = true;
        log_to_.info("draining");
        lanes.drain();
      }
      member.announce(lanes.reports(), wall_now());
      refresh_lists();
      if (std::chrono::steady_clock::now() - told < report_interval) continue;
      told = std::chrono::steady_clock::now();
      tell(lanes, "running");
    }
  }

  /// Lists and databases that have changed are read here, beside the lanes.
  void refresh_lists() {
    if (std::chrono::steady_clock::now() - looked_ < look_interval) return;
    looked_ = std::chrono::steady_clock::now();
    enrichment_.refresh({[this](const auto& what) { log_to_.info(what); }, log_to_.warner()});
  }

  void tell(const node& lanes, const char* what) {
    const auto c = lanes.counts();
    log_to_.info(what, {{"in", c.intake.in},
                        {"valid", c.intake.valid},
                        {"dead_letters", c.intake.dead_letters()},
                        {"commits", c.commits},
                        {"rejected", c.rejected},
                        {"unknown", c.unknown},
                        {"recoveries", c.recoveries},
                        {"checkpointed", c.checkpointed},
                        {"redone", c.redone},
                        {"divergences", c.divergences}});
  }

  const settings& settings_;
  stop_signals signals_;  // before any thread
  const rules rules_;
  const traffic_sources traffic_;
  enrichment_files enrichment_;
  const logger log_to_;
  const std::string webhook_secret_;
  kafka_log log_;
  broker_probe probe_;
  std::unique_ptr<rocks_db> db_;
  std::vector<sized_source> sources_;
  std::atomic<bool> drain_asked_ = false;
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
};

}  // namespace

int run(const settings& configuration) {
  try {
    if (configuration.log.kind != "kafka") {
      fmt::print(stderr, "weir run: log.kind: expected kafka, got {}; weir demo runs over the local log\n",
                 configuration.log.kind);
      return 2;
    }
    return node_run(configuration).run();
  } catch (const config_error&) {
    throw;
  } catch (const std::exception& x) {
    fmt::print(stderr, "weir run: {}\n", x.what());
    return 1;
  }
}

}  // namespace weir
