#include "state/log/kafka_log.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "state/log/kafka_member.hpp"
#include "state/log/kafka_topic_checks.hpp"

namespace weir {

namespace {

constexpr int request_ms = 15'000;
constexpr int most_tries = 100;
constexpr int most_looks = 10;
constexpr std::chrono::milliseconds retry_pause(200);

kafka_ptr<rd_kafka_NewTopic_t> new_topic(const topic_plan& plan, const std::string& name) {
  char reason[512];
  kafka_ptr<rd_kafka_NewTopic_t> t(
      rd_kafka_NewTopic_new(name.c_str(), plan.partitions, -1, reason, sizeof reason));
  if (!t) throw kafka_error("cannot make topic " + name + ": " + reason);
  const auto set = [&](const char* key, const std::string& value) {
    check_kafka(rd_kafka_NewTopic_set_config(t.get(), key, value.c_str()), "make topic " + name);
  };
  set("cleanup.policy", cleanup_policy(plan));
  if (plan.retention_ms > 0) set("retention.ms", std::to_string(plan.retention_ms));
  if (plan.compacted) set("delete.retention.ms", std::to_string(tombstone_time_ms));
  return t;
}

}  // namespace

kafka_log::kafka_log(kafka_options options, inputs in)
    : options_(std::move(options)), inputs_(std::move(in)), cluster_(options_) {}

std::vector<topic_plan> kafka_log::changelogs() {
  std::vector<topic_plan> plans;
  for (const auto& [_, topic] : inputs_)
    plans.push_back({"weir.changelog." + topic, partitions_of_known(topic), true});
  return plans;
}

std::int32_t kafka_log::partitions_of_known(const std::string& topic) {
  for (int tries = 1;; ++tries) {
    const auto count = partitions(topic);
    if (count > 0 || tries == most_looks) return count;
    std::this_thread::sleep_for(retry_pause);
  }
}

void kafka_log::create(const std::vector<topic_plan>& topics) {
  for (const auto& plan : topics) {
    if (plan.partitions <= 0)
      throw kafka_error("cannot make topic " + broker_topic(options_, plan.name) +
                        ": the topic that it belongs to is not there, or not yet; try again");
    const auto has = partitions(plan.name);
    if (has == plan.partitions) continue;
    if (has > 0)
      throw kafka_error(fmt::format(
          "topic {} has {} partitions, expected {}: partition counts of weir's topics cannot be changed",
          broker_topic(options_, plan.name), has, plan.partitions));
    create_one(plan);
  }
}

/// Returns when brokers tell of the topic, too: they learn of it one after the other. Right after a start
/// brokers may not be counted yet, and the replication factor is refused.
void kafka_log::create_one(const topic_plan& plan) {
  const auto name = broker_topic(options_, plan.name);
  for (int tries = 1;; ++tries) {
    const auto code = ask_for(plan, name);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) break;
    if (code != RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR || tries == most_tries)
      check_kafka(code, "make topic " + name);
    std::this_thread::sleep_for(retry_pause);
  }
  for (int tries = 1; partitions(plan.name) != plan.partitions; ++tries) {
    if (tries == most_tries) throw kafka_error("topic " + name + " was made, but brokers do not tell of it");
    std::this_thread::sleep_for(retry_pause);
  }
}

rd_kafka_resp_err_t kafka_log::ask_for(const topic_plan& plan, const std::string& name) {
  const auto topic = new_topic(plan, name);
  auto* one = topic.get();
  const kafka_ptr<rd_kafka_AdminOptions_t> how(
      rd_kafka_AdminOptions_new(cluster_.client(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  char reason[512];
  rd_kafka_AdminOptions_set_operation_timeout(how.get(), request_ms, reason, sizeof reason);
  const kafka_ptr<rd_kafka_queue_t> answers(rd_kafka_queue_new(cluster_.client()));
  rd_kafka_CreateTopics(cluster_.client(), &one, 1, how.get(), answers.get());
  const kafka_ptr<rd_kafka_event_t> event(rd_kafka_queue_poll(answers.get(), 2 * request_ms));
  const auto* result = event ? rd_kafka_event_CreateTopics_result(event.get()) : nullptr;
  std::size_t count = 0;
  const auto* made = result ? rd_kafka_CreateTopics_result_topics(result, &count) : nullptr;
  if (count != 1) throw kafka_error("cannot make topic " + name + ": no answer");
  return rd_kafka_topic_result_error(made[0]);
}

void kafka_log::check(const std::vector<topic_plan>& topics, std::size_t max_bytes) {
  std::vector<std::string> sources;
  for (const auto& [_, topic] : inputs_)
    if (!is_own_topic(topic)) sources.push_back(topic);
  for (const auto& what : source_warnings(cluster_.client(), sources)) options_.warn(what);
  const auto faults = topic_faults(cluster_.client(), options_, topics, max_bytes);
  if (!faults.empty())
    throw kafka_error(fmt::format("topics are not as they must be; kafka-configs.sh changes them:\n  {}",
                                  fmt::join(faults, "\n  ")));
}

std::unique_ptr<log_member> kafka_log::join(const std::string& lane) {
  return std::make_unique<kafka_member>(options_, inputs_, lane);
}

}  // namespace weir
