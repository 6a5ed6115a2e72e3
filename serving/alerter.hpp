#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "pipeline/alert/alert_desk.hpp"
#include "serving/webhook.hpp"
#include "state/log/kafka_client.hpp"

namespace weir {

/// Judges the job's gold and keeps weir.alerts: what fires, what is over, each told once, over restarts and
/// over nodes. Every node has one; the one that holds the seat works, the others wait for it.
///
/// What was told before stands on weir.alerts; gold is read from as far back as the rules look, and judged
/// when all of it has been seen. A change is written in a transaction, under an id that fences a predecessor
/// who has lost the seat and does not know yet. Then the webhook is told; what it has not heard of when the
/// alerter ends is posted by the next.
///
/// Concurrency: made and ended by one thread; works on a thread of its own.
class alerter {
 public:
  struct options {
    kafka_options kafka;
    std::vector<alert_rule> rules;           // none: what fired before is resolved
    std::int64_t publish_interval = 60'000;  // kpi.publish_interval, milliseconds
    webhook::options notify;                 // an empty url: no one is told
    std::function<std::int64_t()> now;
    std::function<void(const std::string&)> warn = [](const std::string&) {};
    std::function<void(const alert_change&)> told = [](const alert_change&) {};  // once it is committed
  };
  explicit alerter(options o);
  ~alerter();

 private:
  void run(const std::stop_token& stop);
  void serve(const std::stop_token& stop);

  const options options_;
  std::jthread thread_;
};

}  // namespace weir
