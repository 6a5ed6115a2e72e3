#pragma once

#include "serving/node_view.hpp"

namespace weir::test {

/// A node of two lanes that runs well: one reads, the other has had nothing assigned.
inline node_view well() {
  node_view seen;
  seen.now = 1'700'000'100'000;

  seen.disk_free = std::uint64_t{10} << 30;
  seen.disk_size = std::uint64_t{100} << 30;
  lane_report reads;
  reads.lane = "lane-00";
  reads.state = lane_state::running;
  reads.assigned = 1;
  reads.last_commit = seen.now - 200;
  task_report task;
  task.task = {stage::ingest, "topic_web_events", 3};
  task.next = task.end = 50;
  task.last_time = seen.now - 5'000;
  task.clocks = {1'700'000'000'000, 1'700'000'001'000, 1'700'000'030'000};
  reads.tasks = {task};
  reads.done[task.task];
  auto idle = reads;
  idle.lane = "lane-01";
  idle.assigned = 0;
  idle.tasks.clear();
  idle.done.clear();
  seen.lanes = {reads, idle};
  return seen;
}

}  // namespace weir::test
