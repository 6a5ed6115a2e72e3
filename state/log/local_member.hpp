#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "state/log/local_log.hpp"

namespace weir {

/// A lane's way to the local log. Lives shorter than the log; used by the lane's thread, but for the epoch in
/// flight, which the log's committing thread takes.
class local_member : public log_member {
 public:
  local_member(local_log& log, std::vector<task_id> tasks);
  ~local_member() override;

  std::vector<task_id> assignment() override;
  bool assignment_changed() override { return fresh_; }
  bool revoking() override { return false; }  // there is no one else
  void release() override {}
  bool leave() override { return false; }
  void fence() override;
  std::int64_t committed(const task_id& task) override { return log_.committed(task); }
  changelog_reader changelogs() override {
    return [](const task_id&, std::int64_t from, const auto&) { return from; };
  }
  /// Throws std::runtime_error when the log no longer holds the offset.
  void seek(std::size_t task, std::int64_t offset) override;
  void pause(std::size_t task, bool on) override { paused_[task] = on; }
  void poll(std::size_t max_records, int wait_ms, std::vector<fetched>& out) override;
  partition_end end_of(std::size_t task) override;
  void commit(std::unique_ptr<epoch> e) override;
  /// Throws std::runtime_error when the log cannot be written: nothing of the epoch is visible.
  std::optional<outcome> landed() override;
  std::unique_ptr<epoch> take_landed() override;

 private:
  friend class local_log;
  void wait();
  /// The epoch in flight has been written, or could not be; under the log's mutex.
  void settle(const std::string& fault);
  void fetch_all(std::size_t max_records, std::vector<fetched>& out);
  void fetch(std::size_t task, std::size_t max_records, std::vector<fetched>& out);
  std::size_t take(std::size_t task, std::size_t max_records, std::vector<fetched>& out);

  local_log& log_;
  const std::vector<task_id> tasks_;
  std::vector<std::int64_t> positions_;
  std::vector<bool> paused_;
  std::vector<std::shared_ptr<record_chunk>> runs_;  // by task: the run read last, which may go on
  bool fresh_ = true;
  // guarded by the log's mutex
  std::unique_ptr<epoch> flight_, done_;
  std::optional<outcome> outcome_;
  std::string fault_;
};

}  // namespace weir
