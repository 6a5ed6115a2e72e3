#include "state/log/kafka_consumer.hpp"

#include <algorithm>

#include "state/log/input_range.hpp"

namespace weir {

namespace {

constexpr std::chrono::seconds request_timeout(30);
constexpr auto queue_limit = "queued.max.messages.kbytes";
constexpr std::size_t most_at_once = 4'000;  // messages of one poll
constexpr int timeout_ms = static_cast<int>(std::chrono::milliseconds(request_timeout).count());

std::string_view key_of(const rd_kafka_message_t& m) { return {static_cast<const char*>(m.key), m.key_len}; }
std::string_view value_of(const rd_kafka_message_t& m) {
  return {static_cast<const char*>(m.payload), m.len};
}

}  // namespace

kafka_consumer::kafka_consumer(kafka_options options, inputs in, std::string member)
    : options_(std::move(options)), inputs_(std::move(in)), member_(std::move(member)) {
  rebuild();
}

kafka_consumer::~kafka_consumer() { close(); }

void kafka_consumer::close() {
  if (!client_) return;
  closing_ = true;  // what it holds it gives up without more ado
  rd_kafka_consumer_close(client_.get());
  closing_ = false;
}

void kafka_consumer::rebuild() {
  close();
  queue_.reset();
  client_.reset();
  sources_.clear();
  pending_.clear();
  changed_ = true;
  revoking_ = sought_ = joined_ = false;
  const kafka_properties own{
      {"group.id", options_.prefix + options_.group},
      {"group.instance.id", options_.prefix + member_},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"isolation.level", "read_committed"},
      {"auto.offset.reset", "error"},
      {"partition.assignment.strategy", "range"},
      {"enable.partition.eof", "true"},
  };
  auto properties = own;
  // Of all partitions together. When it is full librdkafka fetches late: with 4 MiB a lane that caught up
  // waited for input a third of its time.
  if (!options_.properties.contains(queue_limit)) properties.emplace(queue_limit, "16384");
  client_ = make_client(RD_KAFKA_CONSUMER, options_, properties, [this](rd_kafka_conf_t* conf) {
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_rebalance_cb(conf, rebalance);
  });
  rd_kafka_poll_set_consumer(client_.get());
  queue_.reset(rd_kafka_queue_get_consumer(client_.get()));
  subscribe();
}

/// A static member cannot leave before its session ends. It stays, and reads what is no task.
void kafka_consumer::subscribe() {
  const auto topics = partition_list(static_cast<int>(inputs_.size()));
  const auto add = [&](const std::string& topic) {
    rd_kafka_topic_partition_list_add(topics.get(), broker_topic(options_, topic).c_str(),
                                      RD_KAFKA_PARTITION_UA);
  };
  if (leaving_) add(std::string(to_string(output::dlq)));
  for (const auto& [_, topic] : inputs_)
    if (!leaving_) add(topic);
  check_kafka(rd_kafka_subscribe(client_.get(), topics.get()), "join the group " + options_.group);
}

void kafka_consumer::leave() {
  leaving_ = true;
  if (fatal().empty()) subscribe();
}

// -- assignment

/// Called within poll, on the lane's thread. Assigning is put off until the lane has recovered its tasks, and
/// giving up until it has written them down: so long the group waits, and no one else has them. Lost ones are
/// another's already.
void kafka_consumer::rebalance(rd_kafka_t* client, rd_kafka_resp_err_t code,
                               rd_kafka_topic_partition_list_t* parts, void* self) {
  auto& me = *static_cast<kafka_consumer*>(self);
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    me.changed_ = me.joined_ = true;
    me.assigned(parts);
  } else if (me.sources_.empty() || me.closing_ || rd_kafka_assignment_lost(client)) {
    me.let_go();
  } else {
    me.revoking_ = true;
  }
}

void kafka_consumer::let_go() {
  sources_.clear();
  pending_.clear();
  sought_ = revoking_ = joined_ = false;
  changed_ = true;
  rd_kafka_assign(client_.get(), nullptr);
}

void kafka_consumer::release() {
  if (revoking_) let_go();
}

void kafka_consumer::assigned(const rd_kafka_topic_partition_list_t* parts) {
  sources_.clear();
  pending_.clear();
  sought_ = false;
  for (int i = 0; i < parts->cnt; ++i) {
    const std::string name = parts->elems[i].topic;
    for (const auto& [of, topic] : inputs_)
      if (broker_topic(options_, topic) == name) pending_.push_back({of, topic, parts->elems[i].partition});
  }
  std::sort(pending_.begin(), pending_.end());
}

std::vector<task_id> kafka_consumer::take_assignment() {
  changed_ = false;
  sought_ = true;
  sources_.clear();
  for (const auto& task : pending_) sources_.push_back({task});
  return pending_;
}

void kafka_consumer::seek(std::size_t task, std::int64_t offset) {
  auto& s = sources_[task];
  s.position = offset;
  s.end_at = -1;
  s.paused = false;
  sought_ = true;
}

/// Hands librdkafka the offsets at which the lane wants to read on. What was paused would stay so through any
/// assignment; what the lane has paused since, because it does not read it yet, is paused again.
void kafka_consumer::begin_reading() {
  sought_ = false;
  const auto parts = partition_list(static_cast<int>(sources_.size()));
  for (const auto& s : sources_)
    rd_kafka_topic_partition_list_add(parts.get(), broker_topic(options_, s.task.topic).c_str(),
                                      s.task.partition)
        ->offset = s.position >= 0 ? s.position : RD_KAFKA_OFFSET_END;
  rd_kafka_resume_partitions(client_.get(), parts.get());
  const auto code = rd_kafka_assign(client_.get(), parts.get());
  if (!fatal().empty()) {
    changed_ = true;
    return;
  }
  check_kafka(code, "take partitions");
  for (const auto& s : sources_)
    if (s.paused) pause_fetching(s, true);
}

std::string kafka_consumer::fatal() const {
  char reason[512];
  return rd_kafka_fatal_error(client_.get(), reason, sizeof reason) ? reason : "";
}

void kafka_consumer::pause(std::size_t task, bool on) {
  auto& s = sources_[task];
  if (s.paused == on) return;
  s.paused = on;
  pause_fetching(s, on);
}

void kafka_consumer::pause_fetching(const source& s, bool on) {
  const auto parts = partition_list();
  rd_kafka_topic_partition_list_add(parts.get(), broker_topic(options_, s.task.topic).c_str(),
                                    s.task.partition);
  on ? rd_kafka_pause_partitions(client_.get(), parts.get())
     : rd_kafka_resume_partitions(client_.get(), parts.get());
}

// -- reading

void kafka_consumer::poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) {
  if (revoking_ && rd_kafka_assignment_lost(client_.get())) let_go();
  const bool ready = !changed_ && std::all_of(sources_.begin(), sources_.end(),
                                              [](const source& s) { return s.position >= 0 || s.paused; });
  if (sought_ && ready) begin_reading();
  rd_kafka_message_t* messages[most_at_once];
  const auto wanted = std::min(max_records, most_at_once);
  const auto got = rd_kafka_consume_batch_queue(queue_.get(), wait_ms, messages, wanted);
  if (got < 0) return;
  // A message that is kept would keep the client from ending: `take` may throw.
  const struct batch {
    rd_kafka_message_t** messages;
    std::size_t count;
    ~batch() { std::for_each_n(messages, count, rd_kafka_message_destroy); }
  } all{messages, static_cast<std::size_t>(got)};
  take(messages, all.count, out);
}

void kafka_consumer::show_alive() {
  std::vector<fetched> none;
  poll(1, 0, none);
}

std::size_t kafka_consumer::find(const rd_kafka_message_t& m) const {
  if (!m.rkt) return sources_.size();
  const std::string_view name = rd_kafka_topic_name(m.rkt);
  const auto at = std::find_if(sources_.begin(), sources_.end(), [&](const source& s) {
    return s.task.partition == m.partition && broker_topic(options_, s.task.topic) == name;
  });
  return static_cast<std::size_t>(at - sources_.begin());
}

/// One that no one reads any more: fetching would ask for fresh memory, page by page, all the time.
std::shared_ptr<record_chunk> kafka_consumer::spare_chunk() {
  for (auto& chunk : chunks_) {
    if (chunk.use_count() > 1) continue;
    chunk->clear();
    return chunk;
  }
  return chunks_.emplace_back(std::make_shared<record_chunk>());
}

/// Records of one partition come in runs.
void kafka_consumer::take(rd_kafka_message_t* const* messages, std::size_t count, std::vector<fetched>& out) {
  std::vector<std::shared_ptr<record_chunk>> chunks(sources_.size());
  const rd_kafka_message_t* last = nullptr;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& m = *messages[i];
    if (m.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      take_event(m);
      continue;
    }
    if (!last || last->rkt != m.rkt || last->partition != m.partition) at = find(m);
    last = &m;
    if (at >= sources_.size() || sources_[at].position < 0 || m.offset < sources_[at].position)
      continue;  // of an earlier assignment
    auto& chunk = chunks[at];
    if (!chunk) chunk = spare_chunk();
    chunk->add(m.offset, rd_kafka_message_timestamp(&m, nullptr), key_of(m), value_of(m));
    sources_[at].position = m.offset + 1;
    sources_[at].end_at = -1;
  }
  for (std::size_t i = 0; i < chunks.size(); ++i)
    if (chunks[i]) out.push_back({i, chunks[i], 0, chunks[i]->entries.size()});
}

void kafka_consumer::take_event(const rd_kafka_message_t& m) {
  if (m.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    if (const auto at = find(m); at < sources_.size()) sources_[at].end_at = m.offset;
    return;
  }
  const std::string text = rd_kafka_message_errstr(&m);
  if (m.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) throw kafka_error(input_fault_of(m, text));
  const auto why = fatal();
  changed_ = changed_ || !why.empty();
  options_.warn("consumer: " + (why.empty() ? text : why));
}

std::string kafka_consumer::input_fault_of(const rd_kafka_message_t& m, const std::string& otherwise) {
  const auto at = find(m);
  if (at >= sources_.size()) return otherwise;
  const auto& s = sources_[at];
  const auto [first, end] =
      watermarks(client_.get(), broker_topic(options_, s.task.topic), s.task.partition, request_timeout);
  return input_fault(s.task, s.position, first, end);
}

/// Behind a partition's last record may stand what ends transactions: where its end was met counts, if that
/// is the high watermark, too, and not only the last stable offset.
partition_end kafka_consumer::end_of(std::size_t task) {
  const auto& s = sources_[task];
  std::int64_t low = 0, high = -1;
  rd_kafka_get_watermark_offsets(client_.get(), broker_topic(options_, s.task.topic).c_str(),
                                 s.task.partition, &low, &high);
  if (s.end_at >= 0 && s.end_at >= high) return {s.position, false};
  return {std::max(high, s.position + 1), false};
}

/// Offsets that are part of an open transaction are not told until it has ended. The coordinator ends what
/// has lost its producer; after an outage a broker can have lost the coordinator's word, and it never ends.
std::int64_t kafka_consumer::committed(const task_id& task) {
  const auto parts = partition_list();
  auto* part = rd_kafka_topic_partition_list_add(parts.get(), broker_topic(options_, task.topic).c_str(),
                                                 task.partition);
  const auto code = rd_kafka_committed(client_.get(), parts.get(), timeout_ms);
  if (code == RD_KAFKA_RESP_ERR__TIMED_OUT)
    throw log_unavailable(
        "cannot read the offset of " + to_string(task) +
        ": no answer in time, or a transaction that does not end has it. If the brokers are "
        "well and this lasts for minutes: kafka-transactions.sh find-hanging, then abort");
  check_kafka(code, "read the offset of " + to_string(task));
  check_kafka(part->err, "read the offset of " + to_string(task));
  return part->offset < 0 ? 0 : part->offset;
}

std::int64_t kafka_consumer::beginning(const task_id& task) {
  const auto [first, end] =
      watermarks(client_.get(), broker_topic(options_, task.topic), task.partition, request_timeout);
  return options_.from_earliest || is_own_topic(task.topic) ? first : end;
}

kafka_ptr<rd_kafka_consumer_group_metadata_t> kafka_consumer::group_metadata() const {
  return kafka_ptr<rd_kafka_consumer_group_metadata_t>(rd_kafka_consumer_group_metadata(client_.get()));
}

}  // namespace weir
