#pragma once

#include <optional>
#include <set>
#include <string>

#include "state/checkpoint/new_beginning.hpp"
#include "state/log/kafka_group.hpp"
#include "state/log/kafka_sender.hpp"

namespace weir {

/// What the cluster has of one task.
struct task_on_kafka {
  task_id id;
  std::optional<epoch_record> epoch;
  std::set<std::string> keys;  // of its state, but those of the epoch record and of resets
  std::optional<std::int64_t> committed;
  offset_range input, changelog;
};
/// Reads it, the whole changelog. Throws as `read_all`, decode_error.
task_on_kafka look_at(kafka_cluster& cluster, const kafka_group& group, const task_id& id);

/// A place where a task may begin again: `committed`, `earliest`, `latest` or an offset.
struct beginning {
  enum class where { committed, earliest, latest, offset } at = where::committed;
  std::int64_t offset = 0;
};
/// Throws usage_error for another text.
beginning parse_beginning(const std::string& text);
/// The offset that it is for a task. Throws usage_error when the partition does not have it.
std::int64_t offset_of(const beginning& to, const task_on_kafka& task);

/// What a reset does to one task, as one transaction: the changes of its changelog and its committed offset.
struct reset_plan {
  task_on_kafka task;
  epoch_record next;             // the record with which it goes on
  bool drops_state = false;      // else a gap is accepted
  std::optional<input_gap> gap;  // of one that is accepted
};
reset_plan plan_reset(task_on_kafka task, std::int64_t offset, std::int64_t wall);
/// Nothing when no input is gone. Throws kafka_error when the task would be refused all the same.
std::optional<reset_plan> plan_gap(task_on_kafka task, std::int64_t wall);

/// What it does, in a line.
std::string describe(const reset_plan& plan);
void carry_out(const reset_plan& plan, kafka_sender& sender, const kafka_group& group,
               const kafka_options& options);

}  // namespace weir
