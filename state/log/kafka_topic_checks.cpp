#include "state/log/kafka_topic_checks.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace weir {

namespace {

constexpr int answer_ms = 30'000;
constexpr std::size_t framing = 512;  // of a batch around its record

std::map<std::string, std::string> entries_of(const rd_kafka_ConfigResource_t* resource) {
  std::map<std::string, std::string> found;
  std::size_t count = 0;
  const auto* entries = rd_kafka_ConfigResource_configs(resource, &count);
  for (std::size_t i = 0; i < count; ++i)
    if (const auto* value = rd_kafka_ConfigEntry_value(entries[i]))
      found[rd_kafka_ConfigEntry_name(entries[i])] = value;
  return found;
}

std::string policy_fault(const std::string& name, const std::string& has, const topic_plan& plan) {
  const bool compacts = has.find("compact") != std::string::npos;
  const bool deletes = has.find("delete") != std::string::npos;
  if (compacts == plan.compacted && deletes == (!plan.compacted || plan.expires)) return {};
  return fmt::format("{}: cleanup.policy is {}, expected {}", name, has, cleanup_policy(plan));
}

}  // namespace

std::map<std::string, std::map<std::string, std::string>> topic_settings(
    rd_kafka_t* client, const std::vector<std::string>& topics) {
  std::vector<kafka_ptr<rd_kafka_ConfigResource_t>> resources;
  std::vector<rd_kafka_ConfigResource_t*> asked;
  for (const auto& name : topics) {
    resources.emplace_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name.c_str()));
    asked.push_back(resources.back().get());
  }
  const kafka_ptr<rd_kafka_queue_t> answers(rd_kafka_queue_new(client));
  rd_kafka_DescribeConfigs(client, asked.data(), asked.size(), nullptr, answers.get());
  const kafka_ptr<rd_kafka_event_t> event(rd_kafka_queue_poll(answers.get(), answer_ms));
  if (!event) throw log_unavailable("cannot read the settings of topics: no answer");
  check_kafka(rd_kafka_event_error(event.get()), "read the settings of topics");
  std::size_t count = 0;
  const auto* found =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event.get()), &count);
  std::map<std::string, std::map<std::string, std::string>> all;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = rd_kafka_ConfigResource_name(found[i]);
    check_kafka(rd_kafka_ConfigResource_error(found[i]), "read the settings of " + name);
    all[name] = entries_of(found[i]);
  }
  return all;
}

std::vector<std::string> topic_faults(rd_kafka_t* client, const kafka_options& options,
                                      const std::vector<topic_plan>& topics, std::size_t max_bytes) {
  std::vector<std::string> names, faults;
  for (const auto& plan : topics) names.push_back(broker_topic(options, plan.name));
  const auto settings = topic_settings(client, names);
  for (std::size_t i = 0; i < topics.size(); ++i) {
    const auto& has = settings.at(names[i]);
    if (const auto policy = has.find("cleanup.policy"); policy != has.end())
      if (auto fault = policy_fault(names[i], policy->second, topics[i]); !fault.empty())
        faults.push_back(std::move(fault));
    if (const auto limit = has.find("max.message.bytes"); limit != has.end())
      if (std::strtoull(limit->second.c_str(), nullptr, 10) < max_bytes + framing)
        faults.push_back(
            fmt::format("{}: max.message.bytes is {}, expected {} at least (output.max_bytes and {})",
                        names[i], limit->second, max_bytes + framing, framing));
  }
  return faults;
}

std::vector<std::string> source_warnings(rd_kafka_t* client, const std::vector<std::string>& topics) {
  std::vector<std::string> warnings;
  for (const auto& [name, has] : topic_settings(client, topics))
    if (const auto type = has.find("message.timestamp.type");
        type != has.end() && type->second == "CreateTime")
      warnings.push_back(
          name +
          ": message.timestamp.type is CreateTime: producers' clocks are taken as the times of "
          "arrival; LogAppendTime is better");
  return warnings;
}

}  // namespace weir
