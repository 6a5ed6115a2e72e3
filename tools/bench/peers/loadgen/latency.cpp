// From an event's scheduled time (loadgen --rate writes it as "sent_at") to when a read_committed reader has
// it.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "latency: %s\n", what.c_str());
  std::exit(1);
}

long now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc > 5) {
    std::puts(
        "usage: latency BOOTSTRAP TOPIC SECONDS [SKIP_SECONDS=10]\n"
        "Reads TOPIC (weir.events, say) from its end on; measures after SKIP_SECONDS.");
    return 2;
  }
  const long seconds = std::atol(argv[3]), skip = argc > 4 ? std::atol(argv[4]) : 10;
  auto* conf = rd_kafka_conf_new();
  char e[512];
  const std::pair<const char*, const char*> settings[] = {
      {"bootstrap.servers", argv[1]},        {"group.id", "latency"}, {"enable.auto.commit", "false"},
      {"isolation.level", "read_committed"}, {"check.crcs", "false"}, {"fetch.wait.max.ms", "20"}};
  for (auto [k, v] : settings)
    if (rd_kafka_conf_set(conf, k, v, e, sizeof e) != RD_KAFKA_CONF_OK) die(e);
  auto* rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, e, sizeof e);
  if (!rk) die(e);
  rd_kafka_poll_set_consumer(rk);
  const rd_kafka_metadata_t* meta = nullptr;
  auto* handle = rd_kafka_topic_new(rk, argv[2], nullptr);
  if (auto err = rd_kafka_metadata(rk, 0, handle, &meta, 10'000)) die(rd_kafka_err2str(err));
  if (!meta->topics[0].partition_cnt) die(std::string("no topic ") + argv[2]);
  auto* list = rd_kafka_topic_partition_list_new(8);
  for (int p = 0; p < meta->topics[0].partition_cnt; ++p)
    rd_kafka_topic_partition_list_add(list, argv[2], p)->offset = RD_KAFKA_OFFSET_END;
  rd_kafka_assign(rk, list);
  std::vector<long> all;
  const long begin = now_ms(), from = begin + skip * 1000, end = begin + seconds * 1000;
  for (long now = begin; now < end; now = now_ms()) {
    auto* m = rd_kafka_consumer_poll(rk, 100);
    if (!m) continue;
    if (!m->err && now >= from) {
      const char* tag = "\"sent_at\":";
      size_t tail = std::min<size_t>(m->len, 64);
      char* at = static_cast<char*>(
          memmem(static_cast<char*>(m->payload) + m->len - tail, tail, tag, std::strlen(tag)));
      if (at) all.push_back(now - std::strtol(at + std::strlen(tag), nullptr, 10));
    }
    rd_kafka_message_destroy(m);
  }
  if (all.empty()) die("no event with sent_at came");
  std::sort(all.begin(), all.end());
  auto q = [&](double p) { return all[static_cast<size_t>(p * static_cast<double>(all.size() - 1))]; };
  std::printf(
      "{\"events\":%zu,\"per_second\":%.0f,\"p50_ms\":%ld,\"p90_ms\":%ld,\"p99_ms\":%ld,\"max_ms\":%ld}\n",
      all.size(), static_cast<double>(all.size()) / static_cast<double>(seconds - skip), q(.5), q(.9), q(.99),
      all.back());
  std::fflush(stdout);
  _Exit(0);
}
