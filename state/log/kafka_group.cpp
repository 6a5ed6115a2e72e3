#include "state/log/kafka_group.hpp"

#include <chrono>
#include <thread>

namespace weir {

namespace {

using clock = std::chrono::steady_clock;
constexpr int request_ms = 15'000, poll_ms = 100;
constexpr std::chrono::seconds patience(60);  // for a transaction that is open, for the group to form

std::string text_of(const char* text) { return text ? text : ""; }

std::string name_of(const rd_kafka_MemberDescription_t& member) {
  auto name = text_of(rd_kafka_MemberDescription_group_instance_id(&member));
  if (name.empty()) name = text_of(rd_kafka_MemberDescription_consumer_id(&member));
  return name + " at " + text_of(rd_kafka_MemberDescription_host(&member));
}

}  // namespace

kafka_group::kafka_group(kafka_options options) : options_(std::move(options)) {
  client_ = make_client(RD_KAFKA_CONSUMER, options_,
                        {{"group.id", options_.prefix + options_.group},
                         {"enable.auto.commit", "false"},
                         {"enable.auto.offset.store", "false"},
                         {"isolation.level", "read_committed"},
                         {"auto.offset.reset", "error"},
                         {"partition.assignment.strategy", "range"}},
                        [this](rd_kafka_conf_t* conf) {
                          rd_kafka_conf_set_opaque(conf, this);
                          rd_kafka_conf_set_rebalance_cb(conf, rebalance);
                        });
  rd_kafka_poll_set_consumer(client_.get());
}

kafka_group::~kafka_group() { rd_kafka_consumer_close(client_.get()); }

/// Nothing is read: it is about the place in the group alone.
void kafka_group::rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t*,
                            void* self) {
  static_cast<kafka_group*>(self)->joined_ = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (code != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) rd_kafka_assign(client, nullptr);
}

std::vector<std::string> kafka_group::members(kafka_cluster& cluster) const {
  const auto name = options_.prefix + options_.group;
  const char* names[] = {name.c_str()};
  const kafka_ptr<rd_kafka_AdminOptions_t> how(
      rd_kafka_AdminOptions_new(cluster.client(), RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS));
  char reason[512];
  rd_kafka_AdminOptions_set_request_timeout(how.get(), request_ms, reason, sizeof reason);
  const kafka_ptr<rd_kafka_queue_t> answers(rd_kafka_queue_new(cluster.client()));
  rd_kafka_DescribeConsumerGroups(cluster.client(), names, 1, how.get(), answers.get());
  const kafka_ptr<rd_kafka_event_t> event(rd_kafka_queue_poll(answers.get(), 2 * request_ms));
  const auto what = "look at the group " + name;
  if (!event) check_kafka(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
  check_kafka(rd_kafka_event_error(event.get()), what);
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event.get());
  const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  std::vector<std::string> found;
  for (std::size_t g = 0; g < count; ++g) {
    if (const auto* error = rd_kafka_ConsumerGroupDescription_error(groups[g]))
      check_kafka(rd_kafka_error_code(error), what);
    for (std::size_t m = 0; m < rd_kafka_ConsumerGroupDescription_member_count(groups[g]); ++m)
      found.push_back(name_of(*rd_kafka_ConsumerGroupDescription_member(groups[g], m)));
  }
  return found;
}

std::optional<std::int64_t> kafka_group::committed(const std::string& topic, std::int32_t partition) const {
  const auto parts = partition_list();
  auto* part =
      rd_kafka_topic_partition_list_add(parts.get(), broker_topic(options_, topic).c_str(), partition);
  const auto until = clock::now() + patience;
  while (true) {
    auto code = rd_kafka_committed(client_.get(), parts.get(), request_ms);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = part->err;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
    if (!passes(code) || clock::now() > until)
      check_kafka(code, "read the offset of " + topic + "/" + std::to_string(partition));
    std::this_thread::sleep_for(std::chrono::milliseconds(poll_ms));
  }
  return part->offset < 0 ? std::nullopt : std::optional(part->offset);
}

void kafka_group::join(kafka_cluster& cluster, const std::string& topic) {
  const auto topics = partition_list();
  rd_kafka_topic_partition_list_add(topics.get(), broker_topic(options_, topic).c_str(),
                                    RD_KAFKA_PARTITION_UA);
  check_kafka(rd_kafka_subscribe(client_.get(), topics.get()), "join the group " + options_.group);
  for (const auto until = clock::now() + patience; !joined_;) {
    const kafka_ptr<rd_kafka_message_t> m(rd_kafka_consumer_poll(client_.get(), poll_ms));
    if (m && m->err != RD_KAFKA_RESP_ERR_NO_ERROR && !passes(m->err))
      check_kafka(m->err, "join the group " + options_.group);
    if (clock::now() > until)
      throw log_unavailable("cannot join the group " + options_.group + ": no answer");
  }
  if (members(cluster).size() > 1)
    throw kafka_error("a node has joined the group " + options_.group + " meanwhile: nothing is changed");
}

kafka_ptr<rd_kafka_consumer_group_metadata_t> kafka_group::seat() const {
  return kafka_ptr<rd_kafka_consumer_group_metadata_t>(rd_kafka_consumer_group_metadata(client_.get()));
}

}  // namespace weir
