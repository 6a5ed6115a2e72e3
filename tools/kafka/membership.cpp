#include "tools/kafka/membership.hpp"

#include <fmt/format.h>

#include <utility>

#include "config/print.hpp"
#include "pipeline/base/hash.hpp"
#include "pipeline/base/json_writer.hpp"
#include "pipeline/base/wall_clock.hpp"
#include "tools/kafka/options.hpp"

namespace weir {

std::string config_hash(const settings& s) {
  auto shared = s;
  const settings own;  // what each node may have of its own
  shared.node = own.node;
  shared.kafka = own.kafka;
  shared.kafka.prefix = s.kafka.prefix;
  shared.kafka.group = s.kafka.group;
  shared.http = own.http;
  shared.memory = own.memory;
  shared.actors = own.actors;
  shared.logging = own.logging;
  return fmt::format("{:016x}", hash64(print_settings(shared)));
}

membership::membership(const settings& s, const kafka_options& kafka, std::string http_address)
    : node_(node_id(s)),
      address_(std::move(http_address)),
      config_(config_hash(s)),
      started_at_(wall_now()),
      announcer_(kafka, broker_topic(kafka, std::string(members_topic))) {}

std::string membership::text(const std::vector<lane_report>& lanes) const {
  std::string out;
  json_writer json(out);
  json.begin_object().field("node", std::string_view(node_)).optional("http", address_);
  json.field("version", WEIR_VERSION).field("config_hash", std::string_view(config_));
  json.field("started_at", started_at_).name("lanes").begin_array();
  for (const auto& lane : lanes) {
    json.begin_object().field("lane", std::string_view(lane.lane)).field("state", to_string(lane.state));
    json.name("tasks").begin_array();
    for (const auto& task : lane.tasks) json.value(to_string(task.task));
    json.end_array().end_object();
  }
  json.end_array();
  return out;
}

void membership::announce(const std::vector<lane_report>& lanes, std::int64_t now) {
  announcer_.poll();
  auto news = text(lanes);
  if (news == said_ && now - said_at_ < announce_interval) return;
  said_ = std::move(news);
  said_at_ = now;
  announcer_.say(node_, fmt::format("{},\"at\":{}}}", said_, now));
}

void membership::end() { announcer_.take_back(node_); }

}  // namespace weir
