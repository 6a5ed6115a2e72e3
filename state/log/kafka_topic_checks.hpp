#pragma once

#include <map>
#include <string>
#include <vector>

#include "state/log/kafka_client.hpp"
#include "state/log/weir_topics.hpp"

namespace weir {

/// The settings of topics, by the topics' names on the brokers. Throws log_unavailable and kafka_error.
std::map<std::string, std::map<std::string, std::string>> topic_settings(
    rd_kafka_t* client, const std::vector<std::string>& topics);

/// What of weir's own topics is not as it must be, a sentence each: a cleanup policy under which records
/// would be lost, a record size below `max_bytes`.
std::vector<std::string> topic_faults(rd_kafka_t* client, const kafka_options& options,
                                      const std::vector<topic_plan>& topics, std::size_t max_bytes);

/// What is less than good about the source topics: where producers' clocks are the records' times.
std::vector<std::string> source_warnings(rd_kafka_t* client, const std::vector<std::string>& topics);

}  // namespace weir
