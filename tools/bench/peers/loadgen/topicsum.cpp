// Counts a topic's committed records and adds up a hash of each: equal sums, equal sets, whatever the order.
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

constexpr int answer_ms = 10'000;

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "topicsum: %s\n", what.c_str());
  std::exit(1);
}

std::uint64_t hash(std::string_view s) {
  std::uint64_t h = 0xcbf29ce484222325 ^ s.size();
  for (unsigned char c : s) h = (h ^ c) * 0x100000001b3;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9;
  h = (h ^ (h >> 27)) * 0x94d049bb133111eb;
  return h ^ (h >> 31);
}

rd_kafka_t* connect(const char* bootstrap) {
  auto* conf = rd_kafka_conf_new();
  char why[512];
  const std::pair<const char*, const char*> settings[] = {
      {"bootstrap.servers", bootstrap}, {"group.id", "topicsum"}, {"enable.auto.commit", "false"},
      {"enable.partition.eof", "true"}, {"check.crcs", "false"},  {"isolation.level", "read_committed"}};
  for (auto [name, value] : settings)
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) != RD_KAFKA_CONF_OK) die(why);
  auto* client = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
  if (!client) die(why);
  rd_kafka_poll_set_consumer(client);
  return client;
}

int partitions_of(rd_kafka_t* client, const std::string& topic) {
  const rd_kafka_metadata_t* meta = nullptr;
  auto* handle = rd_kafka_topic_new(client, topic.c_str(), nullptr);
  if (auto error = rd_kafka_metadata(client, 0, handle, &meta, answer_ms)) die(rd_kafka_err2str(error));
  const int count = meta->topics[0].partition_cnt;
  if (!count) die("no topic " + topic);
  rd_kafka_metadata_destroy(meta);
  rd_kafka_topic_destroy(handle);
  return count;
}

/// weir's clocks stand in weir.sessions, too: they are no sessions.
constexpr std::string_view clock_key = "~clock|";

void sum_up(rd_kafka_t* client, std::string topic) {
  const bool latest = topic.ends_with(":latest");
  if (latest) topic.resize(topic.size() - std::string_view(":latest").size());
  int open = partitions_of(client, topic);
  auto* list = rd_kafka_topic_partition_list_new(open);
  for (int p = 0; p < open; ++p)
    rd_kafka_topic_partition_list_add(list, topic.c_str(), p)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client, list);
  long records = 0;
  std::uint64_t sum = 0;
  std::unordered_map<std::string, std::uint64_t> last;
  while (open) {
    auto* m = rd_kafka_consumer_poll(client, answer_ms);
    if (!m) die("no answer for 10 s");
    if (m->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      --open;
    } else if (m->err) {
      die(rd_kafka_message_errstr(m));
    } else if (!std::string_view(static_cast<char*>(m->key), m->key_len).starts_with(clock_key)) {
      ++records;
      const auto h = hash({static_cast<char*>(m->payload), m->len});
      if (latest)
        last[std::string(static_cast<char*>(m->key), m->key_len)] = h;
      else
        sum += h;
    }
    rd_kafka_message_destroy(m);
  }
  for (auto& [key, h] : last) sum += h;
  std::printf("{\"topic\":\"%s\",\"records\":%ld,\"keys\":%zu,\"sum\":\"%016lx\"}\n", topic.c_str(), records,
              last.size(), sum);
  std::fflush(stdout);
  rd_kafka_assign(client, nullptr);
  rd_kafka_topic_partition_list_destroy(list);
}

void remove_all(rd_kafka_t* client, const std::string& prefix) {
  const rd_kafka_metadata_t* meta = nullptr;
  if (auto error = rd_kafka_metadata(client, 1, nullptr, &meta, answer_ms)) die(rd_kafka_err2str(error));
  std::vector<rd_kafka_DeleteTopic_t*> topics;
  for (int i = 0; i < meta->topic_cnt; ++i)
    if (std::string_view(meta->topics[i].topic).starts_with(prefix))
      topics.push_back(rd_kafka_DeleteTopic_new(meta->topics[i].topic));
  if (topics.empty()) return;
  auto* queue = rd_kafka_queue_new(client);
  rd_kafka_DeleteTopics(client, topics.data(), topics.size(), nullptr, queue);
  auto* event = rd_kafka_queue_poll(queue, answer_ms);
  if (!event) die("no answer for 10 s");
  if (auto error = rd_kafka_event_error(event)) die(rd_kafka_err2str(error));
}

}  // namespace

int main(int argc, char** argv) {
  const bool remove = argc == 4 && std::string_view(argv[2]) == "--delete";
  if (argc < 3 || (!remove && argv[2][0] == '-')) {
    std::puts(
        "usage: topicsum BOOTSTRAP TOPIC[:latest] ...\n"
        "       topicsum BOOTSTRAP --delete PREFIX\n"
        "Per topic: committed records (weir's clocks aside), keys, and the sum of the hashes of the values "
        "(:latest: of each key's "
        "last). Or deletes all topics whose names begin with PREFIX.");
    return 2;
  }
  auto* client = connect(argv[1]);
  if (remove)
    remove_all(client, argv[3]);
  else
    for (int i = 2; i < argc; ++i) sum_up(client, argv[i]);
  std::_Exit(0);
}
