#include "tools/kafka/members.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <simdjson.h>

#include <ctime>
#include <map>
#include <set>
#include <string>

#include "pipeline/base/wall_clock.hpp"
#include "tools/kafka/guarded.hpp"
#include "tools/kafka/membership.hpp"
#include "tools/kafka/options.hpp"
#include "tools/kafka/topic_reading.hpp"

namespace weir {

namespace {

/// A node as its record has it.
struct member {
  std::string http, version, config;
  std::int64_t at = 0;
  std::size_t lanes = 0;
  std::vector<std::string> tasks;

  bool silent(std::int64_t now) const { return now - at > 3 * announce_interval; }
};

std::string text_of(const simdjson::dom::element& record, const char* field) {
  std::string_view text;
  return record[field].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

member parse(std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::dom::element record = parser.parse(json.data(), json.size());
  member m{text_of(record, "http"),
           text_of(record, "version"),
           text_of(record, "config_hash"),
           record["at"].get_int64(),
           0,
           {}};
  for (const auto lane : record["lanes"].get_array()) {
    ++m.lanes;
    for (const auto task : lane["tasks"].get_array())
      m.tasks.emplace_back(std::string_view(task.get_string()));
  }
  return m;
}

void show(const std::map<std::string, member>& all, const std::string& our_config) {
  const auto now = wall_now();
  std::set<std::string> versions, configs;
  fmt::print("{:<24} {:<22} {:<10} {:<17} {:>5} {:>5}  {}\n", "NODE", "HTTP", "VERSION", "CONFIG", "LANES",
             "TASKS", "LAST SEEN");
  for (const auto& [node, m] : all) {
    fmt::print("{:<24} {:<22} {:<10} {:<17} {:>5} {:>5}  {}{}\n", node, m.http.empty() ? "-" : m.http,
               m.version, m.config, m.lanes, m.tasks.size(),
               fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(m.at / 1000))),
               m.silent(now) ? " (silent: it has ended, or cannot reach the brokers)" : "");
    if (m.silent(now)) continue;
    versions.insert(m.version);
    configs.insert(m.config);
  }
  if (versions.size() > 1) fmt::print("The nodes run {} versions: finish the rollout.\n", versions.size());
  if (configs.size() > 1)
    fmt::print("The nodes have {} configurations: results depend on which node has a task.\n",
               configs.size());
  else if (configs.size() == 1 && *configs.begin() != our_config)
    fmt::print("The configuration given here ({}) is not theirs.\n", our_config);
}

int run(const settings& configuration, const members_options& options) {
  kafka_cluster cluster(kafka_options_of(configuration));
  std::map<std::string, std::string> records;
  read_all(cluster, std::string(members_topic), {}, [&](const kafka_record& r) {
    if (r.value)
      records[std::string(r.key)] = std::string(*r.value);
    else
      records.erase(std::string(r.key));
  });
  if (options.json) {
    for (const auto& [_, text] : records) fmt::print("{}\n", text);
    return 0;
  }
  if (records.empty()) {
    fmt::print("no node has announced itself\n");
    return 0;
  }
  std::map<std::string, member> all;
  for (const auto& [node, text] : records) all[node] = parse(text);
  show(all, config_hash(configuration));
  return 0;
}

}  // namespace

int members(const settings& configuration, const members_options& options) {
  return guarded("weir members", std::cerr, [&] { return run(configuration, options); });
}

}  // namespace weir
