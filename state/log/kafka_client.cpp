#include "state/log/kafka_client.hpp"

namespace weir {

namespace {

constexpr std::string_view own_topics = "weir.";

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

void check_kafka(rd_kafka_resp_err_t code, const std::string& what) {
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw kafka_error("cannot " + what + ": " + rd_kafka_err2str(code));
}

std::pair<std::int64_t, std::int64_t> watermarks(rd_kafka_t* client, const std::string& topic,
                                                 std::int32_t partition, std::chrono::milliseconds timeout) {
  std::int64_t low = 0, high = 0;
  check_kafka(rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &low, &high,
                                               static_cast<int>(timeout.count())),
              "ask for the offsets of " + topic + "/" + std::to_string(partition));
  return {low, high};
}

std::string broker_topic(const kafka_options& options, const std::string& topic) {
  return topic.starts_with(own_topics) ? options.prefix + topic : topic;
}

std::string changelog_topic(const kafka_options& options, const std::string& topic) {
  return options.prefix + "weir.changelog." + topic;
}

}  // namespace weir
