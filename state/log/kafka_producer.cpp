#include "state/log/kafka_producer.hpp"

#include <algorithm>
#include <thread>

#include "pipeline/base/hash.hpp"
#include "state/log/topic_of.hpp"

namespace weir {

namespace {

using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds init_time(60);  // for initialising: another's transaction may have to time out
constexpr std::chrono::seconds commit_time(30);  // for one commit, retries included
constexpr int request_ms = 10'000;

/// librdkafka (2.0, and 2.15 still) has one request under way to a partition when it counts more than five
/// records. What waits behind it for longer than `linger.ms`, or fills a batch, its thread tries to send
/// without a pause until the answer is there: a core burned for each producer, which a broker beside it lacks
/// for that very answer. So nothing is sent before it is asked for, and no more is asked for than one request
/// takes.
constexpr std::size_t request_bytes = 990'000;  // below message.max.bytes, which is what the broker takes
constexpr std::size_t framing = 64;             // of a record, at most

}  // namespace

kafka_producer::kafka_producer(kafka_options options, std::string id)
    : options_(std::move(options)), id_(std::move(id)) {}

/// Remembers how far a changelog reaches, by the end that its records were tagged with.
void kafka_producer::delivered(rd_kafka_t*, const rd_kafka_message_t* m, void*) {
  auto* end = static_cast<std::int64_t*>(m->_private);
  if (end && m->err == RD_KAFKA_RESP_ERR_NO_ERROR) *end = std::max(*end, m->offset + 1);
}

void kafka_producer::fence() {
  by_output_ = {};
  destinations_.clear();
  client_.reset();
  const kafka_properties own{
      {"transactional.id", options_.prefix + id_},
      {"transaction.timeout.ms", "15000"},
      {"queue.buffering.max.messages", "2000000"},
      {"queue.buffering.max.kbytes", "262144"},
      {"compression.type", "lz4"},
      {"linger.ms", "1000"},  // nothing is sent before it is asked for
      {"batch.size", "1000000000"},
      {"batch.num.messages", "1000000"},
  };
  client_ = make_client(RD_KAFKA_PRODUCER, options_, own,
                        [](rd_kafka_conf_t* conf) { rd_kafka_conf_set_dr_msg_cb(conf, delivered); });
  const auto until = clock::now() + init_time;
  while (true) {
    kafka_ptr<rd_kafka_error_t> error(rd_kafka_init_transactions(client_.get(), request_ms));
    if (!error) return;
    const auto text = "cannot initialise transactions as " + id_ + ": " + rd_kafka_error_string(error.get());
    if (rd_kafka_error_is_fatal(error.get()) || clock::now() > until) throw log_unavailable(text);
    if (!rd_kafka_error_is_retriable(error.get())) throw kafka_error(text);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

/// Throws how the transaction ended when it did not go on.
void kafka_producer::demand(rd_kafka_error_t* raw, const char* what) {
  const kafka_ptr<rd_kafka_error_t> error(raw);
  if (!error) return;
  options_.warn(std::string("transaction: cannot ") + what + ": " + rd_kafka_error_string(error.get()));
  if (!rd_kafka_error_txn_requires_abort(error.get())) throw failure{outcome::unknown};
  const kafka_ptr<rd_kafka_error_t> aborted(rd_kafka_abort_transaction(client_.get(), request_ms));
  throw failure{aborted ? outcome::unknown : outcome::rejected};
}

/// Nothing of the transaction will be visible: it is aborted.
void kafka_producer::give_up(const std::string& why) {
  options_.warn("transaction: " + why);
  demand(rd_kafka_abort_transaction(client_.get(), request_ms), "abort");
  throw failure{outcome::rejected};
}

kafka_producer::destination& kafka_producer::open(const std::string& topic) {
  auto& to = destinations_[topic];
  if (to.partitions > 0) return to;
  to.topic.reset(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
  const rd_kafka_metadata_t* meta = nullptr;
  if (rd_kafka_metadata(client_.get(), 0, to.topic.get(), &meta, request_ms) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    if (meta->topic_cnt == 1) to.partitions = meta->topics[0].partition_cnt;
    rd_kafka_metadata_destroy(meta);
  }
  if (to.partitions <= 0) give_up("there is no topic " + topic);
  to.waiting.resize(static_cast<std::size_t>(to.partitions));
  return to;
}

kafka_producer::destination& kafka_producer::destination_of(const outbox::record& r) {
  auto& to = by_output_[static_cast<std::size_t>(r.topic) * families + r.family];
  if (!to) to = &open(broker_topic(options_, topic_of(r)));
  return *to;
}

void kafka_producer::produce(destination& to, std::int32_t partition, std::string_view key,
                             const std::string_view* value, void* tag) {
  constexpr int not_copied = 0;
  const auto bytes = key.size() + (value ? value->size() : 0) + framing;
  if (partition >= to.partitions)
    give_up(std::string("too few partitions has ") + rd_kafka_topic_name(to.topic.get()));
  auto& waiting = to.waiting[static_cast<std::size_t>(partition)];
  if (waiting > 0 && waiting + bytes > request_bytes) send_round();
  waiting += bytes;
  while (rd_kafka_produce(to.topic.get(), partition, not_copied,
                          const_cast<char*>(value ? value->data() : nullptr), value ? value->size() : 0,
                          key.data(), key.size(), tag) != 0) {
    const auto code = rd_kafka_last_error();
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      give_up(std::string("cannot write to ") + rd_kafka_topic_name(to.topic.get()) + ": " +
              rd_kafka_err2str(code));
    send_round();
  }
}

/// Waits for the answers, too. What has none in time is the commit's to tell.
void kafka_producer::send_round() {
  rd_kafka_flush(client_.get(), request_ms);
  forget_round();
}

void kafka_producer::forget_round() {
  for (auto& [_, to] : destinations_) std::fill(to.waiting.begin(), to.waiting.end(), 0);
}

void kafka_producer::produce_outputs(const outbox& outputs) {
  for (const auto& r : outputs.records()) {
    auto& to = destination_of(r);
    const auto key = outputs.key(r);
    const auto count = static_cast<std::uint64_t>(to.partitions);
    const auto partition = r.partition >= 0 ? static_cast<std::uint64_t>(r.partition) : hash64(key);
    const auto value = outputs.value(r);
    // A record without a value ends its key.
    produce(to, static_cast<std::int32_t>(partition % count), key, value.empty() ? nullptr : &value, nullptr);
  }
}

void kafka_producer::produce_changes(const task_commit& part, std::int64_t& end) {
  auto& to = open(changelog_topic(options_, part.task.topic));
  for (const auto& change : part.changes) {
    const auto value = change.value ? std::string_view(*change.value) : std::string_view();
    produce(to, part.task.partition, change.key, change.value ? &value : nullptr, &end);
  }
}

void kafka_producer::send_offsets(const epoch& e, const rd_kafka_consumer_group_metadata_t& member) {
  const auto offsets = partition_list(static_cast<int>(e.tasks.size()));
  for (const auto& part : e.tasks)
    rd_kafka_topic_partition_list_add(offsets.get(), broker_topic(options_, part.task.topic).c_str(),
                                      part.task.partition)
        ->offset = part.next;
  demand(rd_kafka_send_offsets_to_transaction(client_.get(), offsets.get(), &member, request_ms),
         "send offsets");
}

/// What may be tried again is, for a while.
void kafka_producer::finish() {
  const auto until = clock::now() + commit_time;
  while (true) {
    kafka_ptr<rd_kafka_error_t> error(rd_kafka_commit_transaction(client_.get(), request_ms));
    if (error && rd_kafka_error_is_retriable(error.get()) && clock::now() < until) continue;
    return demand(error.release(), "commit");
  }
}

kafka_producer::committed_ends kafka_producer::commit(const epoch& e,
                                                      const rd_kafka_consumer_group_metadata_t& member) {
  committed_ends done;
  try {
    demand(rd_kafka_begin_transaction(client_.get()), "begin");
    forget_round();
    produce_outputs(e.outputs);
    for (const auto& part : e.tasks) produce_changes(part, done.changelog_ends[part.task]);
    send_offsets(e, member);
    finish();
    rd_kafka_poll(client_.get(), 0);
    done.how = outcome::committed;
  } catch (const failure& x) {
    done.how = x.how;
  }
  return done;
}

}  // namespace weir
