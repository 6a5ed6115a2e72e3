// Follows a consumer group through a topic that was filled before: rate and CPU between two marks of its
// progress.
#include <librdkafka/rdkafka.h>

#include <unistd.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {

[[noreturn]] void die(const std::string& what) {
  std::fprintf(stderr, "drainwatch: %s\n", what.c_str());
  std::exit(1);
}

double cpu_seconds(const std::string& pid) {  // user + system of all its threads
  std::ifstream in("/proc/" + pid + "/stat");
  std::string all((std::istreambuf_iterator<char>(in)), {});
  auto at = all.rfind(')');
  if (at == std::string::npos) die("process " + pid + " is gone");
  std::istringstream rest(all.substr(at + 2));
  std::string skip;
  for (int i = 0; i < 11; ++i) rest >> skip;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

long resident_kb(const std::string& pid) {
  std::ifstream in("/proc/" + pid + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("VmHWM:", 0) == 0) return std::atol(line.c_str() + 6);
  return 0;
}

/// How far the group was, and the CPU seconds that it had cost.
struct mark {
  double at = 0, job = 0, broker = 0;
  long done = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6 || argc > 8) {
    std::puts(
        "usage: drainwatch BOOTSTRAP GROUP TOPIC JOB_PID BROKER_PID [FROM=0.2 [LIMIT_S=600]]\n"
        "Waits until GROUP has committed all of TOPIC; measures from the share FROM of it on.");
    return 2;
  }
  const std::string topic = argv[3], job = argv[4], broker = argv[5];
  const double from = argc > 6 ? std::atof(argv[6]) : 0.2, limit = argc > 7 ? std::atof(argv[7]) : 600;
  auto* conf = rd_kafka_conf_new();
  char e[512];
  for (auto [k, v] : {std::pair{"bootstrap.servers", argv[1]}, std::pair{"group.id", argv[2]}})
    if (rd_kafka_conf_set(conf, k, v, e, sizeof e) != RD_KAFKA_CONF_OK) die(e);
  auto* rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, e, sizeof e);
  if (!rk) die(e);
  const rd_kafka_metadata_t* meta = nullptr;
  auto* handle = rd_kafka_topic_new(rk, topic.c_str(), nullptr);
  if (auto err = rd_kafka_metadata(rk, 0, handle, &meta, 10'000)) die(rd_kafka_err2str(err));
  auto* list = rd_kafka_topic_partition_list_new(8);
  long total = 0;
  for (int p = 0; p < meta->topics[0].partition_cnt; ++p) {
    int64_t low = 0, high = 0;
    if (auto err = rd_kafka_query_watermark_offsets(rk, topic.c_str(), p, &low, &high, 10'000))
      die(rd_kafka_err2str(err));
    rd_kafka_topic_partition_list_add(list, topic.c_str(), p);
    total += high - low;
  }
  const auto begin = std::chrono::steady_clock::now();
  mark before, start, now;
  for (;;) {
    for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = RD_KAFKA_OFFSET_INVALID;
    now.at = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!rd_kafka_committed(rk, list, 10'000)) {
      now.done = 0;
      for (int i = 0; i < list->cnt; ++i) now.done += std::max<int64_t>(0, list->elems[i].offset);
      now.job = cpu_seconds(job);
      now.broker = cpu_seconds(broker);
      if (start.done == 0 && now.done >= from * static_cast<double>(total))
        start = now.done < total ? now : before;  // all of it in one commit
      if (now.done >= total) break;
      before = now;
    }
    if (now.at > limit)
      die("only " + std::to_string(now.done) + " of " + std::to_string(total) + " done in time");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  double n = static_cast<double>(now.done - start.done), t = now.at - start.at;
  std::printf(
      "{\"events\":%ld,\"per_second\":%.0f,\"job_cpu_s_per_million\":%.2f,\"broker_cpu_s_per_million\":%.2f,"
      "\"cores_job\":%.2f,\"cores_broker\":%.2f,\"seconds_in_all\":%.1f,\"job_cpu_s_in_all\":%.1f,"
      "\"job_peak_mb\":%ld}\n",
      now.done, n / t, (now.job - start.job) / n * 1e6, (now.broker - start.broker) / n * 1e6,
      (now.job - start.job) / t, (now.broker - start.broker) / t, now.at, now.job, resident_kb(job) / 1024);
  std::fflush(stdout);
  _exit(0);
}
