#include "state/log/kafka_reader.hpp"

#include <algorithm>

namespace weir {

namespace {
constexpr int most_at_once = 1'000;  // records of one poll
}

kafka_reader::kafka_reader(const kafka_options& options, std::string topic, const std::vector<start>& from,
                           bool committed_only)
    : topic_(std::move(topic)) {
  client_ = make_client(RD_KAFKA_CONSUMER, options,
                        {{"group.id", options.prefix + options.group},  // never joined
                         {"enable.auto.commit", "false"},
                         {"isolation.level", committed_only ? "read_committed" : "read_uncommitted"},
                         {"auto.offset.reset", "error"},
                         {"fetch.wait.max.ms", "50"},  // an end is told only when a fetch returns
                         {"enable.partition.eof", "true"}});
  rd_kafka_poll_set_consumer(client_.get());
  const auto parts = partition_list(static_cast<int>(from.size()));
  for (const auto& part : from) {
    partitions_.push_back({part.partition, part.offset});
    rd_kafka_topic_partition_list_add(parts.get(), topic_.c_str(), part.partition)->offset = part.offset;
  }
  check_kafka(rd_kafka_assign(client_.get(), parts.get()), "read " + topic_);
}

void kafka_reader::poll(int wait_ms, const std::function<bool(const kafka_record&)>& visit) {
  bool more = true;
  for (int i = 0; more && i < most_at_once; ++i, wait_ms = 0) {
    const kafka_ptr<rd_kafka_message_t> m(rd_kafka_consumer_poll(client_.get(), wait_ms));
    if (!m) return;
    take(*m, more, visit);
  }
}

void kafka_reader::take(const rd_kafka_message_t& m, bool& more,
                        const std::function<bool(const kafka_record&)>& visit) {
  const auto part = std::find_if(partitions_.begin(), partitions_.end(),
                                 [&](const progress& p) { return p.partition == m.partition; });
  if (m.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    if (part == partitions_.end()) return;
    part->ended = true;
    part->position = std::max(part->position, m.offset);  // behind what ends transactions
    more = !at_end();
    return;
  }
  if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (!passes(m.err)) throw kafka_error("cannot read " + topic_ + ": " + rd_kafka_message_errstr(&m));
    return;
  }
  if (part == partitions_.end()) return;
  part->ended = false;
  part->position = m.offset + 1;
  kafka_record r{m.partition, m.offset, rd_kafka_message_timestamp(&m, nullptr), {}, {}};
  r.key = {static_cast<const char*>(m.key), m.key_len};
  if (m.payload) r.value = {static_cast<const char*>(m.payload), m.len};
  more = visit(r);
}

bool kafka_reader::reached(const std::vector<start>& ends) const {
  return std::all_of(ends.begin(), ends.end(), [this](const start& end) {
    return std::any_of(partitions_.begin(), partitions_.end(), [&](const progress& p) {
      return p.partition == end.partition && p.position >= end.offset;
    });
  });
}

bool kafka_reader::at_end() const {
  return std::all_of(partitions_.begin(), partitions_.end(), [](const progress& p) { return p.ended; });
}

}  // namespace weir
