#include "state/log/kafka_client.hpp"

namespace weir {

namespace {

constexpr std::string_view own_topics = "weir.";

/// librdkafka asks for leaders when a broker is lost, and then the cluster may not know of new ones yet. The
/// next time it asks is this, five minutes by default: so long the partitions of a dead broker would stand.
constexpr auto metadata_ms = "10000";

void set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  char reason[512];
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof reason) != RD_KAFKA_CONF_OK)
    throw kafka_error("kafka.properties: " + name + ": " + reason);
}

}  // namespace

kafka_ptr<rd_kafka_t> make_client(rd_kafka_type_t type, const kafka_options& options,
                                  const kafka_properties& own,
                                  const std::function<void(rd_kafka_conf_t*)>& before) {
  kafka_ptr<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  set(conf.get(), "bootstrap.servers", options.brokers);
  set(conf.get(), "client.id", "weir");
  set(conf.get(), "topic.metadata.refresh.interval.ms", metadata_ms);
  for (const auto& [name, value] : options.properties) set(conf.get(), name, value);
  for (const auto& [name, value] : own) set(conf.get(), name, value);
  rd_kafka_conf_set_log_cb(conf.get(), nullptr);
  if (before) before(conf.get());
  char reason[512];
  kafka_ptr<rd_kafka_t> client(rd_kafka_new(type, conf.get(), reason, sizeof reason));
  if (!client) throw kafka_error(std::string("cannot make a Kafka client: ") + reason);
  conf.release();  // the client's now
  return client;
}

kafka_ptr<rd_kafka_topic_partition_list_t> partition_list(int size) {
  return kafka_ptr<rd_kafka_topic_partition_list_t>(rd_kafka_topic_partition_list_new(size));
}

bool passes(rd_kafka_resp_err_t code) {
  switch (code) {
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__WAIT_COORD:
    case RD_KAFKA_RESP_ERR__IN_PROGRESS:
    case RD_KAFKA_RESP_ERR__FATAL:  // of a client that the recovery makes anew
    case RD_KAFKA_RESP_ERR__STATE:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:  // while metadata is on its way
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__WAIT_CACHE:
    case RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:  // the group has gone on without us
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:  // a broker that is just coming up says so
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT:
      return true;
    default:
      return false;
  }
}

void check_kafka(rd_kafka_resp_err_t code, const std::string& what) {
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const auto text = "cannot " + what + ": " + rd_kafka_err2str(code);
  if (passes(code)) throw log_unavailable(text);
  throw kafka_error(text);
}

/// Not by rd_kafka_query_watermark_offsets: that asks a leader that has died for ever, whatever the timeout.
std::int64_t list_offset(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                         std::int64_t time, std::chrono::milliseconds timeout) {
  const auto what = "ask for the offsets of " + topic + "/" + std::to_string(partition);
  const auto parts = partition_list(1);
  auto* asked = rd_kafka_topic_partition_list_add(parts.get(), topic.c_str(), partition);
  asked->offset = time;
  check_kafka(rd_kafka_offsets_for_times(client, parts.get(), static_cast<int>(timeout.count())), what);
  check_kafka(asked->err, what);
  return asked->offset;
}

std::pair<std::int64_t, std::int64_t> watermarks(rd_kafka_t* client, const std::string& topic,
                                                 std::int32_t partition, std::chrono::milliseconds timeout) {
  const auto first = list_offset(client, topic, partition, RD_KAFKA_OFFSET_BEGINNING, timeout);
  return {first, list_offset(client, topic, partition, RD_KAFKA_OFFSET_END, timeout)};
}

std::string broker_topic(const kafka_options& options, const std::string& topic) {
  return topic.starts_with(own_topics) ? options.prefix + topic : topic;
}

std::string changelog_topic(const kafka_options& options, const std::string& topic) {
  return options.prefix + "weir.changelog." + topic;
}

}  // namespace weir
