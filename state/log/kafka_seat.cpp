#include "state/log/kafka_seat.hpp"

namespace weir {

kafka_seat::kafka_seat(const kafka_options& options, const std::string& group, const std::string& topic)
    : group_(options.prefix + group) {
  client_ = make_client(RD_KAFKA_CONSUMER, options,
                        {{"group.id", group_},
                         {"enable.auto.commit", "false"},
                         {"auto.offset.reset", "latest"},
                         {"partition.assignment.strategy", "range"}},
                        [this](rd_kafka_conf_t* conf) {
                          rd_kafka_conf_set_opaque(conf, this);
                          rd_kafka_conf_set_rebalance_cb(conf, rebalance);
                        });
  rd_kafka_poll_set_consumer(client_.get());
  const auto topics = partition_list();
  rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  check_kafka(rd_kafka_subscribe(client_.get(), topics.get()), "join the group " + group_);
}

kafka_seat::~kafka_seat() { rd_kafka_consumer_close(client_.get()); }

void kafka_seat::rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code,
                           rd_kafka_topic_partition_list_t* parts, void* self) {
  auto& ours = static_cast<kafka_seat*>(self)->ours_;
  ours = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && parts->cnt > 0;
  rd_kafka_assign(client, code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? parts : nullptr);
  if (ours) rd_kafka_pause_partitions(client, parts);
}

bool kafka_seat::poll(int wait_ms) {
  const kafka_ptr<rd_kafka_message_t> m(rd_kafka_consumer_poll(client_.get(), wait_ms));
  if (m && m->err != RD_KAFKA_RESP_ERR_NO_ERROR && !passes(m->err))
    throw kafka_error("cannot take part in the group " + group_ + ": " + rd_kafka_message_errstr(m.get()));
  return ours_;
}

}  // namespace weir
