#include "state/log/kafka_cluster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace weir {

namespace {

using std::chrono::milliseconds;
// The first question is short: what refuses us has done so by then.
constexpr milliseconds first_wait(1'000), longest_wait(8'000), answer_time(15'000);

/// Waiting does not mend it.
bool refused(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL;
}

/// librdkafka before that version sends a wrong nonce, which Kafka 4 no longer accepts.
constexpr int scram_mended = 0x02060100;

std::string_view what_to_check(rd_kafka_resp_err_t code, std::string_view reason) {
  const auto says = [reason](std::string_view text) { return reason.find(text) != reason.npos; };
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION && says("SCRAM") && rd_kafka_version() < scram_mended)
    return "check sasl.mechanism, sasl.username and sasl.password in kafka.properties. This librdkafka is "
           "older than "
           "2.6.1: to Kafka 4 it cannot authenticate by SCRAM; use PLAIN over TLS, or a newer librdkafka";
  if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION)
    return "check sasl.mechanism, sasl.username and sasl.password in kafka.properties";
  if (code == RD_KAFKA_RESP_ERR__SSL && says("certificate verify failed"))
    return "check ssl.ca.location in kafka.properties, and that kafka.brokers has the names that the "
           "broker's "
           "certificate is for";
  if (code == RD_KAFKA_RESP_ERR__SSL)
    return "check security.protocol in kafka.properties, the listener may be one without TLS, and its ssl.*";
  if (says("security.protocol"))
    return "check security.protocol in kafka.properties: the listener seems to want TLS or SASL";
  return "check kafka.brokers, and that a broker is running there";
}

}  // namespace

std::string reach_fault(const std::string& brokers, rd_kafka_resp_err_t code, const std::string& reason) {
  const auto told = reason.substr(0, reason.find(" (after "));  // how often and how fast is of no use
  return fmt::format("cannot reach a broker at {}: {}; {}", brokers, told, what_to_check(code, reason));
}

kafka_cluster::kafka_cluster(kafka_options options) : options_(std::move(options)) {
  const kafka_properties own{{"isolation.level", "read_uncommitted"}};  // the end is that of all records
  client_ = make_client(RD_KAFKA_PRODUCER, options_, own, [this](rd_kafka_conf_t* conf) {
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_error_cb(conf, failed);
  });
}

/// Called within rd_kafka_poll. That all brokers are down is no reason, and a reason that tells what to mend
/// is not forgotten for one that does not.
void kafka_cluster::failed(rd_kafka_t*, int code, const char* reason, void* self) {
  auto& me = *static_cast<kafka_cluster*>(self);
  const auto what = static_cast<rd_kafka_resp_err_t>(code);
  if (what == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || (refused(me.code_) && !refused(what))) return;
  me.code_ = what;
  me.reason_ = reason;
}

std::map<std::string, std::int32_t> kafka_cluster::topics() {
  const auto until = std::chrono::steady_clock::now() + answer_time;
  const rd_kafka_metadata_t* meta = nullptr;
  for (auto wait = first_wait;; wait = std::min(2 * wait, longest_wait)) {
    const auto code = rd_kafka_metadata(client_.get(), 1, nullptr, &meta, static_cast<int>(wait.count()));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
    rd_kafka_poll(client_.get(), 0);
    const auto text = reach_fault(options_.brokers, code_, reason_);
    if (refused(code_)) throw kafka_error(text);
    if (std::chrono::steady_clock::now() >= until) throw log_unavailable(text);
  }
  std::map<std::string, std::int32_t> all;
  for (int i = 0; i < meta->topic_cnt; ++i) all[meta->topics[i].topic] = meta->topics[i].partition_cnt;
  rd_kafka_metadata_destroy(meta);
  return all;
}

offset_range kafka_cluster::offsets(const std::string& topic, std::int32_t partition) {
  const auto [first, end] = watermarks(client_.get(), broker_topic(options_, topic), partition, answer_time);
  return {first, end};
}

std::int64_t kafka_cluster::offset_at(const std::string& topic, std::int32_t partition, std::int64_t time) {
  const auto found = list_offset(client_.get(), broker_topic(options_, topic), partition, time, answer_time);
  return found >= 0 ? found : offsets(topic, partition).end;
}

std::optional<std::string> kafka_cluster::trouble(milliseconds wait) {
  const rd_kafka_metadata_t* meta = nullptr;
  const auto code = rd_kafka_metadata(client_.get(), 0, nullptr, &meta, static_cast<int>(wait.count()));
  rd_kafka_poll(client_.get(), 0);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return reach_fault(options_.brokers, code_, reason_);
  rd_kafka_metadata_destroy(meta);
  return std::nullopt;
}

std::int32_t kafka_cluster::partitions(const std::string& topic) {
  const auto all = topics();
  const auto found = all.find(broker_topic(options_, topic));
  return found == all.end() ? 0 : found->second;
}

}  // namespace weir
