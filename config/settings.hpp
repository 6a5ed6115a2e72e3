#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/rules.hpp"

namespace weir {

struct node_settings {
  std::string id = "auto";  // auto: the host's name
  unsigned lanes = 0;       // 0: auto, one a core
  std::string data_dir = "./data";
};

enum class log_level : std::uint8_t { debug, info, warning, error };
enum class log_format : std::uint8_t { automatic, text, json };

/// Of the program's own log, on standard error.
struct logging_settings {
  log_level level = log_level::info;
  log_format format = log_format::automatic;  // text on a terminal, else json
};

struct log_settings {
  std::string kind = "local";                        // local, kafka, memory
  millis retention = 7 * 86'400'000LL;               // of the local log
  std::uint64_t max_bytes = std::uint64_t{8} << 30;  // of the local log
};

struct kafka_settings {
  std::string brokers = "127.0.0.1:9092";
  std::string group = "weir";
  std::string prefix;  // stands before every topic, group and transactional id of weir's own
  std::string start = "earliest";
  std::map<std::string, std::string> properties;  // any of librdkafka's
};

struct http_settings {
  std::string listen = "127.0.0.1:8002";  // empty: off
};

/// When a lane seals its epoch. An interval that is `unlimited` leaves it to the other two and the end of
/// input.
struct commit_settings {
  millis interval = 200;
  std::uint64_t max_bytes = 32 << 20;
  std::uint64_t max_records = 100'000;
};

struct checkpoint_settings {
  millis interval = 30'000;  // 0: with every commit
  std::uint64_t max_redo_bytes = 256 << 20;
};

struct memory_settings {
  std::uint64_t sessions = 512 << 20;  // bytes
  std::uint64_t rocksdb = 256 << 20;   // bytes
};

struct actors_settings {
  std::uint64_t max_live = 100'000;
};

/// Of weir's own topics.
struct topics_settings {
  unsigned partitions = 4;
};

struct output_settings {
  std::uint64_t max_bytes = 900 << 10;
  bool silver = true;
};

struct state_settings {
  unsigned format = 1;
};

struct late_settings {
  millis max_delay = 86'400'000;
};

struct users_settings {
  millis retention = 400 * 86'400'000LL;
};

struct privacy_settings {
  ip_privacy ip = ip_privacy::truncate;
  std::string hash_user_ids;  // the file of the secret; empty: off
  bool mask_pii = true;
};

struct geo_settings {
  std::string database;  // a file; empty: off
};

struct bot_weights {
  double crawler = 1, headless = 1, empty_agent = 0.5, rate = 1, burst = 1, no_interaction = 0.5;
};

struct bots_settings {
  double threshold = 1;
  std::uint64_t max_events_per_minute = 120;
  std::string crawlers = "default";
  std::string extra_crawlers;  // a file; empty: off
  bot_weights weights;
};

struct replay_settings {
  std::optional<std::int64_t> now;  // none: the wall clock at start
  std::string source = "web";
  std::string site_url;
  std::string site = "default";
  std::uint64_t batch = 1000;
};

/// `default` or a path.
struct lists_settings {
  std::string referrers = "default";
  std::string headless = "default";
  std::string user_agents = "default";
};

/// What is empty is the default alert's of the same id, or else alert_rule's.
struct alert {
  std::string id, kind, family, metric, per, granularity;
  std::optional<double> above, below;
  millis lasting = 0;  // `for`
  std::string severity;
  bool enabled = true;
};

struct webhook_settings {
  std::string url;     // empty: off
  std::string secret;  // a file; empty: what is sent is not signed
};

/// The configuration as it holds: config.md, and docs/configuration.md for the meaning of each. Durations are
/// milliseconds, `off` is `unlimited`, sizes are bytes. What is constructed holds the defaults.
struct settings {
  node_settings node;
  logging_settings logging;
  log_settings log;
  kafka_settings kafka;
  http_settings http;
  commit_settings commit;
  checkpoint_settings checkpoint;
  memory_settings memory;
  actors_settings actors;
  topics_settings topics;
  output_settings output;
  state_settings state;
  time_rules time;
  session_rules session;
  late_settings late;
  validation_rules validation;
  kpi_rules kpi;
  users_settings users;
  privacy_settings privacy;
  geo_settings geo;
  bots_settings bots;
  replay_settings replay;
  lists_settings lists;
  std::map<std::string, source_rules, std::less<>> sources{{"web", {}}};
  std::map<std::string, site_rules, std::less<>> sites{{"default", {}}};
  std::vector<goal> goals;
  std::vector<funnel> funnels;
  std::vector<alert> alerts;
  webhook_settings webhook;
};

/// The rules of a live job.
rules make_rules(const settings& from);

/// The rules of `weir replay`, where no broker's clock says how late an event is: late.max_delay is off.
rules make_replay_rules(const settings& from);

/// The source that `weir replay` reads as. Throws config_error when replay.source is not among the sources.
const source_rules& replay_source(const settings& from);

}  // namespace weir
