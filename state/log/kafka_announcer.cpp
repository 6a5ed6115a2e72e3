#include "state/log/kafka_announcer.hpp"

#include <utility>

namespace weir {

namespace {
constexpr int last_words_ms = 5'000;
}

kafka_announcer::kafka_announcer(const kafka_options& options, std::string topic)
    : topic_(std::move(topic)), warn_(options.warn) {
  client_ = make_client(RD_KAFKA_PRODUCER, options,
                        {{"enable.idempotence", "true"}, {"message.timeout.ms", "60000"}},
                        [this](rd_kafka_conf_t* conf) {
                          rd_kafka_conf_set_opaque(conf, this);
                          rd_kafka_conf_set_dr_msg_cb(conf, delivered);
                        });
}

void kafka_announcer::delivered(rd_kafka_t*, const rd_kafka_message_t* m, void* self) {
  if (m->err == RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const auto& it = *static_cast<kafka_announcer*>(self);
  it.warn_("cannot write to " + it.topic_ + ": " + rd_kafka_err2str(m->err));
}

void kafka_announcer::produce(std::string_view key, const std::string_view* value) {
  const auto code = rd_kafka_producev(
      client_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_KEY(key.data(), key.size()),
      RD_KAFKA_V_VALUE(value ? const_cast<char*>(value->data()) : nullptr, value ? value->size() : 0),
      RD_KAFKA_V_END);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) warn_("cannot write to " + topic_ + ": " + rd_kafka_err2str(code));
}

void kafka_announcer::say(std::string_view key, std::string_view value) { produce(key, &value); }

void kafka_announcer::take_back(std::string_view key) {
  produce(key, nullptr);
  rd_kafka_flush(client_.get(), last_words_ms);
}

void kafka_announcer::poll() { rd_kafka_poll(client_.get(), 0); }

}  // namespace weir
