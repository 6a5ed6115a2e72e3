#include "state/log/kafka_sender.hpp"

#include <chrono>
#include <functional>
#include <thread>

namespace weir {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds patience(60);  // another's transaction may have to time out
constexpr std::chrono::milliseconds pause(100);
constexpr int request_ms = 10'000;

/// Tries again while that may help.
rd_kafka_error_t* insist(const std::function<rd_kafka_error_t*()>& request) {
  const auto until = clock::now() + patience;
  while (true) {
    auto* error = request();
    if (!error || !rd_kafka_error_is_retriable(error) || clock::now() > until) return error;
    rd_kafka_error_destroy(error);
    std::this_thread::sleep_for(pause);
  }
}

bool fenced(const rd_kafka_error_t* error) {
  const auto code = rd_kafka_error_code(error);
  return code == RD_KAFKA_RESP_ERR__FENCED || code == RD_KAFKA_RESP_ERR_PRODUCER_FENCED ||
         code == RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH;
}

}  // namespace

kafka_sender::kafka_sender(const kafka_options& options, const std::string& id,
                           std::chrono::milliseconds most_time)
    : id_(id) {
  const kafka_properties own{{"transactional.id", options.prefix + id},
                             {"transaction.timeout.ms", std::to_string(most_time.count())}};
  client_ = make_client(RD_KAFKA_PRODUCER, options, own,
                        [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_dr_msg_cb(conf, delivered); });
  demand(insist([this] { return rd_kafka_init_transactions(client_.get(), request_ms); }),
         "initialise transactions");
}

kafka_sender::~kafka_sender() {
  if (open_) kafka_ptr<rd_kafka_error_t>(rd_kafka_abort_transaction(client_.get(), request_ms));
}

void kafka_sender::demand(rd_kafka_error_t* raw, const std::string& what) {
  const kafka_ptr<rd_kafka_error_t> error(raw);
  if (!error) return;
  if (fenced(error.get())) {
    open_ = false;  // the broker has aborted it
    throw kafka_error("cannot " + what + " as " + id_ +
                      ": another such command has begun, or this one took too long");
  }
  const auto text = "cannot " + what + " as " + id_ + ": " + rd_kafka_error_string(error.get());
  if (rd_kafka_error_is_retriable(error.get())) throw log_unavailable(text);
  throw kafka_error(text);
}

void kafka_sender::delivered(rd_kafka_t*, const rd_kafka_message_t* m, void*) {
  auto* offset = static_cast<std::int64_t*>(m->_private);
  if (offset && m->err == RD_KAFKA_RESP_ERR_NO_ERROR) *offset = m->offset;
}

void kafka_sender::begin() {
  demand(rd_kafka_begin_transaction(client_.get()), "begin a transaction");
  open_ = true;
}

void kafka_sender::send(const std::string& topic, std::int32_t partition, std::optional<std::string_view> key,
                        std::optional<std::string_view> value, std::int64_t* offset) {
  const auto bytes = [](const auto& text) { return const_cast<char*>(text ? text->data() : nullptr); };
  const auto size = [](const auto& text) { return text ? text->size() : 0; };
  while (true) {
    const auto code = rd_kafka_producev(
        client_.get(), RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_KEY(bytes(key), size(key)), RD_KAFKA_V_VALUE(bytes(value), size(value)),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_OPAQUE(offset), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) return check_kafka(code, "send to " + topic);
    rd_kafka_poll(client_.get(), 10);
  }
}

void kafka_sender::flush() { check_kafka(rd_kafka_flush(client_.get(), request_ms), "send as " + id_); }

void kafka_sender::offsets(const rd_kafka_topic_partition_list_t& places,
                           const rd_kafka_consumer_group_metadata_t& member) {
  demand(insist([&] {
           return rd_kafka_send_offsets_to_transaction(client_.get(), &places, &member, request_ms);
         }),
         "set offsets");
}

void kafka_sender::commit() {
  demand(insist([this] { return rd_kafka_commit_transaction(client_.get(), request_ms); }), "commit");
  open_ = false;
}

}  // namespace weir
