#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "state/log/kafka_consumer.hpp"
#include "state/log/kafka_producer.hpp"

namespace weir {

/// A lane's way to Kafka: a consumer on the lane's thread, and a transactional producer on a thread of its
/// own, so that an epoch is committed beside the lane.
class kafka_member : public log_member {
 public:
  kafka_member(const kafka_options& options, kafka_consumer::inputs in, const std::string& name);
  ~kafka_member() override;

  std::vector<task_id> assignment() override { return consumer_.take_assignment(); }
  bool assignment_changed() override { return consumer_.assignment_changed(); }
  bool joined() const override { return consumer_.joined(); }
  bool revoking() override { return consumer_.revoking(); }
  void release() override { consumer_.release(); }
  bool leave() override {
    consumer_.leave();
    return true;
  }
  void fence() override;
  std::int64_t committed(const task_id& task) override { return consumer_.committed(task); }
  std::int64_t beginning(const task_id& task) override { return consumer_.beginning(task); }
  std::int64_t restore(const task_id& task, std::int64_t from,
                       const std::function<void(const state_change&, std::int64_t)>& apply) override;
  changelog_reader changelogs() override;
  void seek(std::size_t task, std::int64_t offset) override { consumer_.seek(task, offset); }
  void pause(std::size_t task, bool on) override { consumer_.pause(task, on); }
  void poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) override;
  partition_end end_of(std::size_t task) override { return consumer_.end_of(task); }
  void commit(std::unique_ptr<epoch> e) override;
  std::optional<outcome> landed() override;
  std::unique_ptr<epoch> take_landed() override;

 private:
  void rejoin(const std::string& why);
  void run_commits(const std::stop_token& stop);
  void wait();
  void hold_on();

  const std::string name_;
  kafka_consumer consumer_;
  std::unique_ptr<epoch> failed_;  // the producer may still point into it; ends after that
  kafka_producer producer_;
  std::deque<std::chrono::steady_clock::time_point> rejoined_;  // of late
  std::mutex mutex_;                                            // guards everything below
  std::condition_variable_any work_, idle_;
  int fences_ = 0;  // since the last commit
  std::unique_ptr<epoch> flight_, done_;
  kafka_ptr<rd_kafka_consumer_group_metadata_t> as_;  // of the epoch in flight
  std::optional<outcome> outcome_;
  std::jthread committer_;
};

}  // namespace weir
