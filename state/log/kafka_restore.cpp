#include "state/log/kafka_restore.hpp"

#include <algorithm>

#include "state/checkpoint/new_beginning.hpp"

namespace weir {

namespace {

constexpr std::chrono::seconds request_timeout(30);
constexpr std::chrono::seconds stall_timeout(60);  // longer than a transaction may stay open

}  // namespace

std::int64_t restore_changelog(const kafka_options& options, const task_id& task, std::int64_t from,
                               const std::function<void(const state_change&, std::int64_t)>& apply) {
  const auto topic = changelog_topic(options, task.topic);
  // Asked read committed, the end would be the last stable offset.
  const auto asker = make_client(RD_KAFKA_PRODUCER, options, {{"isolation.level", "read_uncommitted"}});
  const auto [first, end] = watermarks(asker.get(), topic, task.partition, request_timeout);
  const auto where = topic + "/" + std::to_string(task.partition);
  if (from > end || (from > 0 && from < first))
    throw stale_copy("it reaches to offset " + std::to_string(from) + ", " + where + " from " +
                     std::to_string(first) + " to " + std::to_string(end));
  auto position = std::max(from, first);
  std::int64_t given_up = 0;  // what stood below it is not missed
  const auto check_whole = [&] {
    if (from > 0 || first <= given_up) return;
    throw kafka_error(where + " begins at offset " + std::to_string(first) +
                      ": records before are gone, and no local copy has them. Start the node whose disk has "
                      "this task's state, or give the state up: weir reset --topic " +
                      task.topic + " --partition " + std::to_string(task.partition));
  };
  if (position >= end) return check_whole(), end;
  const auto client = make_client(RD_KAFKA_CONSUMER, options,
                                  {{"group.id", "weir-restore"},  // never joined
                                   {"enable.auto.commit", "false"},
                                   {"isolation.level", "read_committed"},
                                   {"auto.offset.reset", "error"},
                                   {"queued.max.messages.kbytes", "4096"},  // fetched ahead
                                   {"enable.partition.eof", "true"}});
  const auto parts = partition_list();
  rd_kafka_topic_partition_list_add(parts.get(), topic.c_str(), task.partition)->offset = position;
  check_kafka(rd_kafka_assign(client.get(), parts.get()), "read " + topic);
  auto moved = std::chrono::steady_clock::now();
  while (position < end) {
    const kafka_ptr<rd_kafka_message_t> m(rd_kafka_consumer_poll(client.get(), 100));
    const auto now = std::chrono::steady_clock::now();
    if (!m) {
      if (now - moved > stall_timeout)
        throw log_unavailable("cannot read " + topic + ": no record for a minute");
      continue;
    }
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      position = std::max(position, m->offset);
      continue;
    }
    check_kafka(m->err == RD_KAFKA_RESP_ERR__TRANSPORT ? RD_KAFKA_RESP_ERR_NO_ERROR : m->err,
                "read " + topic);
    if (m->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    moved = now;
    state_change change{std::string(static_cast<const char*>(m->key), m->key_len), std::nullopt};
    if (m->payload) change.value.emplace(static_cast<const char*>(m->payload), m->len);
    if (change.key == reset_key && change.value) given_up = decode_reset(*change.value);
    apply(change, rd_kafka_message_timestamp(m.get(), nullptr));
    position = m->offset + 1;
  }
  check_whole();
  return position;
}

}  // namespace weir
