#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "pipeline/log/log.hpp"

namespace weir {

/// How to reach a Kafka cluster, and as whom.
struct kafka_options {
  std::string brokers = "127.0.0.1:9092";
  std::string group = "weir";
  std::string prefix;                             // stands before weir's own topics, group and ids
  std::map<std::string, std::string> properties;  // any of librdkafka's, as they are
  bool from_earliest = true;                      // where a group that has never committed begins
  std::function<void(const std::string&)> warn = [](const std::string&) {};  // told by any thread
};

/// What Kafka or librdkafka refused: says what was attempted, and the reason.
struct kafka_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct kafka_deleter {
  void operator()(rd_kafka_conf_t* x) const { rd_kafka_conf_destroy(x); }
  void operator()(rd_kafka_t* x) const { rd_kafka_destroy(x); }
  void operator()(rd_kafka_topic_partition_list_t* x) const { rd_kafka_topic_partition_list_destroy(x); }
  void operator()(rd_kafka_error_t* x) const { rd_kafka_error_destroy(x); }
  void operator()(rd_kafka_consumer_group_metadata_t* x) const {
    rd_kafka_consumer_group_metadata_destroy(x);
  }
  void operator()(rd_kafka_queue_t* x) const { rd_kafka_queue_destroy(x); }
  void operator()(rd_kafka_message_t* x) const { rd_kafka_message_destroy(x); }
  void operator()(rd_kafka_topic_t* x) const { rd_kafka_topic_destroy(x); }
  void operator()(rd_kafka_event_t* x) const { rd_kafka_event_destroy(x); }
  void operator()(rd_kafka_AdminOptions_t* x) const { rd_kafka_AdminOptions_destroy(x); }
  void operator()(rd_kafka_NewTopic_t* x) const { rd_kafka_NewTopic_destroy(x); }
  void operator()(rd_kafka_ConfigResource_t* x) const { rd_kafka_ConfigResource_destroy(x); }
};
template <class T>
using kafka_ptr = std::unique_ptr<T, kafka_deleter>;

using kafka_properties = std::map<std::string, std::string>;

/// A client with the options' brokers and properties under `own`, which no one may change. Throws kafka_error
/// for a property that librdkafka does not know or accept. `before` sets callbacks.
kafka_ptr<rd_kafka_t> make_client(rd_kafka_type_t type, const kafka_options& options,
                                  const kafka_properties& own,
                                  const std::function<void(rd_kafka_conf_t*)>& before = {});

kafka_ptr<rd_kafka_topic_partition_list_t> partition_list(int size = 1);

/// True of a trouble that passes by itself.
bool passes(rd_kafka_resp_err_t code);
/// Throws kafka_error when the code is of a trouble that waiting does not mend, log_unavailable when it is
/// another.
void check_kafka(rd_kafka_resp_err_t code, const std::string& what);

/// The offset of the first record of a partition that is not older than a time, milliseconds; -1: there is
/// none. RD_KAFKA_OFFSET_BEGINNING and _END as the time: where the partition begins, and ends. Throws
/// log_unavailable when no leader answers in time, kafka_error.
std::int64_t list_offset(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                         std::int64_t time, std::chrono::milliseconds timeout);

/// Offsets of a partition on the brokers: the first, and the end with what is not committed yet.
std::pair<std::int64_t, std::int64_t> watermarks(rd_kafka_t* client, const std::string& topic,
                                                 std::int32_t partition, std::chrono::milliseconds timeout);

/// A topic's name on the brokers: weir's own have the prefix.
std::string broker_topic(const kafka_options& options, const std::string& topic);
/// The changelog of a topic's tasks.
std::string changelog_topic(const kafka_options& options, const std::string& topic);

}  // namespace weir
