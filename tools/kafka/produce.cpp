#include "tools/kafka/produce.hpp"

#include <fmt/format.h>

#include "config/error.hpp"
#include "state/log/kafka_log.hpp"
#include "tools/kafka/options.hpp"

namespace weir {

namespace {

constexpr int flush_ms = 60'000;
constexpr std::int64_t later =
    std::int64_t{100} * 86'400'000;  // milliseconds: beyond the end of every open cohort

/// A plain producer: no transaction, every record acknowledged.
class sender {
 public:
  sender(const kafka_options& options, std::string topic)
      : topic_(std::move(topic)),
        client_(
            make_client(RD_KAFKA_PRODUCER, options,
                        {{"compression.type", "lz4"}, {"linger.ms", "20"}, {"enable.idempotence", "true"}},
                        [this](rd_kafka_conf_t* conf) {
                          rd_kafka_conf_set_opaque(conf, this);
                          rd_kafka_conf_set_dr_msg_cb(conf, delivered);
                        })) {}

  void send(const generated_record& r) {
    while (true) {
      const auto code = rd_kafka_producev(
          client_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_PARTITION(r.partition),
          RD_KAFKA_V_KEY(r.key.data(), r.key.size()),
          RD_KAFKA_V_VALUE(const_cast<char*>(r.value.data()), r.value.size()),
          RD_KAFKA_V_TIMESTAMP(r.arrival_time), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
      if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) check_kafka(code, "send to " + topic_);
      rd_kafka_poll(client_.get(), 100);
    }
    rd_kafka_poll(client_.get(), 0);
  }

  void finish() {
    check_kafka(rd_kafka_flush(client_.get(), flush_ms), "send all records to " + topic_);
    check_kafka(failed_, "send to " + topic_);
  }

 private:
  static void delivered(rd_kafka_t*, const rd_kafka_message_t* m, void* self) {
    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) static_cast<sender*>(self)->failed_ = m->err;
  }

  const std::string topic_;
  rd_kafka_resp_err_t failed_ = RD_KAFKA_RESP_ERR_NO_ERROR;
  kafka_ptr<rd_kafka_t> client_;
};

generated_record trailer_of(std::int32_t partition, std::int64_t last) {
  generated_record r;
  r.partition = partition;
  r.key = fmt::format("trailer-{}", partition);
  r.event_time = r.arrival_time = last + later;
  r.value =
      fmt::format(R"({{"event_id":"trailer","event_type":"page_view","session_id":"{}","site_id":"trailer",)"
                  R"("timestamp":{},"page_url":"https://trailer.example/"}})",
                  r.key, r.event_time);
  return r;
}

}  // namespace

int produce(const settings& configuration, generate_options what, bool trailer, std::ostream& errors) {
  if (const auto fault = settle(what); !fault.empty()) return errors << "weir generate: " << fault << '\n', 2;
  auto& traffic = what.traffic;
  try {
    const auto options = kafka_options_of(configuration);
    const auto found = configuration.sources.find("web");
    if (found == configuration.sources.end())
      return errors << "weir generate: sources: there is no source web to send to\n", 2;
    const auto& topic = found->second.topic;
    traffic.partitions = kafka_log(options, {}).partitions(topic);
    if (traffic.partitions == 0)
      return errors << "weir generate: there is no topic " << topic << " at " << options.brokers << "\n", 1;
    sender out(options, topic);
    traffic_generator generator(traffic);
    std::int64_t last = traffic.start;
    for (generated_record r; generator.next(r); last = std::max(last, r.arrival_time)) out.send(r);
    for (std::int32_t p = 0; trailer && p < traffic.partitions; ++p) out.send(trailer_of(p, last));
    out.finish();
    return 0;
  } catch (const config_error&) {
    throw;
  } catch (const std::exception& x) {
    errors << "weir generate: " << x.what() << '\n';
    return 1;
  }
}

}  // namespace weir
