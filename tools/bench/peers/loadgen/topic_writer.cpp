#include "tools/bench/peers/loadgen/topic_writer.hpp"

#include <cstring>
#include <stdexcept>

namespace weir::peers {

namespace {

constexpr int flush_ms = 60'000, answer_ms = 30'000, full_ms = 50;

/// The hash of Kafka's default partitioner, so that Java producers of the same keys agree.
std::uint32_t murmur2(const std::string& s) {
  constexpr std::uint32_t m = 0x5bd1e995;
  std::uint32_t h = 0x9747b28c ^ static_cast<std::uint32_t>(s.size());
  std::size_t i = 0;
  for (; i + 4 <= s.size(); i += 4) {
    std::uint32_t k;
    std::memcpy(&k, s.data() + i, 4);
    k *= m;
    k ^= k >> 24;
    h = h * m ^ k * m;
  }
  for (std::size_t j = s.size(); j > i; --j)
    h ^= std::uint32_t{static_cast<unsigned char>(s[j - 1])} << 8 * (j - 1 - i);
  if (i < s.size()) h *= m;
  h ^= h >> 13;
  h *= m;
  return h ^ (h >> 15);
}

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what); }

}  // namespace

topic_writer::topic_writer(const std::string& bootstrap, const std::string& topic, int partitions,
                           const std::string& compression)
    : topic_(topic), partitions_(partitions) {
  auto* conf = rd_kafka_conf_new();
  const std::pair<const char*, const char*> settings[] = {
      {"bootstrap.servers", bootstrap.c_str()},
      {"compression.type", compression.c_str()},
      {"enable.idempotence", "true"},  // keeps order through retries
      {"linger.ms", "20"},
      {"batch.size", "262144"},
      {"queue.buffering.max.messages", "200000"},
      {"queue.buffering.max.kbytes", "262144"}};
  char why[512];
  for (auto [name, value] : settings)
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) fail(why);
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* m, void* self) {
    if (m->err) static_cast<topic_writer*>(self)->failed_ = rd_kafka_err2str(m->err);
  });
  client_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
  if (!client_) fail(why);
  create();
}

topic_writer::~topic_writer() { rd_kafka_destroy(client_); }

void topic_writer::create() {
  char why[512];
  auto* topic = rd_kafka_NewTopic_new(topic_.c_str(), partitions_, 1, why, sizeof why);
  auto* queue = rd_kafka_queue_new(client_);
  rd_kafka_CreateTopics(client_, &topic, 1, nullptr, queue);
  auto* event = rd_kafka_queue_poll(queue, answer_ms);
  if (!event) fail("no answer from the broker");
  if (auto error = rd_kafka_event_error(event)) fail(rd_kafka_err2str(error));
  std::size_t n = 0;
  auto** results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &n);
  const auto error = rd_kafka_topic_result_error(results[0]);
  if (error && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
    fail(rd_kafka_topic_result_error_string(results[0]));
  rd_kafka_event_destroy(event);
  rd_kafka_queue_destroy(queue);
  rd_kafka_NewTopic_destroy(topic);
}

void topic_writer::send(const visit_record& r, long timestamp_ms, int partition) {
  if (partition < 0) partition = static_cast<int>(murmur2(r.key) & 0x7fffffff) % partitions_;
  while (true) {
    const auto error = rd_kafka_producev(
        client_, RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_KEY(r.key.data(), r.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(r.value.data()), r.value.size()),
        RD_KAFKA_V_TIMESTAMP(timestamp_ms), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    if (!error) break;
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) fail(rd_kafka_err2str(error));
    rd_kafka_poll(client_, full_ms);
  }
  if (++sent_ % 256 == 0) poll();
  check();
}

void topic_writer::poll() { rd_kafka_poll(client_, 0); }

void topic_writer::flush() {
  if (rd_kafka_flush(client_, flush_ms)) fail("not all records were delivered within 60 s");
  check();
}

void topic_writer::check() const {
  if (!failed_.empty()) fail("delivery failed: " + failed_);
}

}  // namespace weir::peers
