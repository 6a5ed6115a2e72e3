#include "serving/node_metrics.hpp"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <sstream>

#include "serving/metric_family.hpp"
#include "serving/process_metrics.hpp"

namespace weir {

namespace {

using families = std::deque<prometheus::MetricFamily>;  // growing, its elements stay where they are
using prometheus::MetricType;
constexpr auto counter = MetricType::Counter;
constexpr auto gauge = MetricType::Gauge;
constexpr auto histogram = MetricType::Histogram;

double number(std::uint64_t x) { return static_cast<double>(x); }
double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

metric_labels of_lane(const lane_report& lane) { return {{"lane", lane.lane}}; }

metric_labels of_task(const lane_report& lane, const task_id& task) {
  return {{"lane", lane.lane},
          {"stage", std::string(to_string(task.of))},
          {"topic", task.topic},
          {"partition", std::to_string(task.partition)}};
}

metric_labels with(metric_labels labels, const char* name, std::string_view value) {
  labels.push_back({name, std::string(value)});
  return labels;
}

// -- one value a lane

struct lane_metric {
  const char* name;
  MetricType type;
  const char* help;
  double (*value)(const lane_report&);
};

constexpr lane_metric lane_metrics[] = {
    {"weir_lane_ready", gauge, "1 when the lane has recovered all that it is assigned, else 0.",
     [](const lane_report& l) { return l.ready() ? 1.0 : 0.0; }},
    {"weir_lane_tasks", gauge, "Tasks assigned to the lane.",
     [](const lane_report& l) { return number(l.assigned); }},
    {"weir_lane_tasks_restored", gauge, "Tasks of the lane whose state is restored.",
     [](const lane_report& l) { return number(l.tasks.size()); }},
    {"weir_restored_records_total", counter, "Records read from changelogs to restore state.",
     [](const lane_report& l) { return number(l.counts.restored); }},
    {"weir_recoveries_total", counter,
     "Times that the lane dropped everything and began from what is committed.",
     [](const lane_report& l) { return number(l.counts.recoveries); }},
    {"weir_hand_overs_total", counter, "Times that the lane gave its tasks up in good order.",
     [](const lane_report& l) { return number(l.counts.handed_over); }},
    {"weir_handler_failures_total", counter, "Handlers of records or timers that failed.",
     [](const lane_report& l) { return number(l.counts.failures); }},
    {"weir_redo_records_total", counter, "Input records read again to complete checkpoints.",
     [](const lane_report& l) { return number(l.counts.redone); }},
    {"weir_redo_divergence_total", counter, "Redos that did not make the outputs that were owed.",
     [](const lane_report& l) { return number(l.counts.divergences); }},
    {"weir_checkpoint_bytes_total", counter, "Bytes of keys and values of the state written in checkpoints.",
     [](const lane_report& l) { return number(l.counts.state_bytes); }},
    {"weir_state_values_spilled_total", counter, "Values of state that left memory for want of room.",
     [](const lane_report& l) { return number(l.counts.spilled); }},
    {"weir_state_values_read_back_total", counter,
     "Spilled values of state that were read from the store again.",
     [](const lane_report& l) { return number(l.counts.read_back); }},
};

/// Times of lanes, which are not always there.
void tell_commits(const node_view& seen, families& out) {
  auto& last = out.emplace_back(make_family("weir_last_commit_timestamp_seconds", gauge,
                                            "Time of the lane's last commit, since 1970."));
  auto& waits = out.emplace_back(make_family("weir_commit_in_flight_seconds", gauge,
                                             "For how long an epoch is being committed; 0: none is."));
  for (const auto& lane : seen.lanes) {
    if (lane.last_commit > 0) add(last, of_lane(lane), seconds(lane.last_commit));
    const auto since = lane.in_flight_since > 0 ? seen.now - lane.in_flight_since : 0;
    add(waits, of_lane(lane), std::max(0.0, seconds(since)));
  }
}

void tell_lanes(const node_view& seen, families& out) {
  for (const auto& metric : lane_metrics) {
    auto& family = out.emplace_back(make_family(metric.name, metric.type, metric.help));
    for (const auto& lane : seen.lanes) add(family, of_lane(lane), metric.value(lane));
  }
}

// -- several values a lane

void tell_epochs(const node_view& seen, families& out) {
  auto& epochs =
      out.emplace_back(make_family("weir_epochs_total", counter, "Epochs by how their commit ended."));
  auto& changes = out.emplace_back(make_family(
      "weir_checkpoint_records_total", counter,
      "Changes of state in checkpoints: values (heads, whole values and ends), and parts of large values."));
  auto& records =
      out.emplace_back(make_family("weir_output_records_total", counter, "Records committed, by output."));
  auto& bytes = out.emplace_back(
      make_family("weir_output_bytes_total", counter, "Bytes of keys and values committed, by output."));
  for (const auto& lane : seen.lanes) {
    const auto labels = of_lane(lane);
    const auto& c = lane.counts;
    add(epochs, with(labels, "outcome", "committed"), number(c.commits));
    add(epochs, with(labels, "outcome", "rejected"), number(c.rejected));
    add(epochs, with(labels, "outcome", "unknown"), number(c.unknown));
    add(changes, with(labels, "kind", "value"), number(c.checkpointed));
    add(changes, with(labels, "kind", "part"), number(c.parts));
    for (std::size_t i = 0; i < c.outputs.size(); ++i) {
      const auto output_labels = with(labels, "output", to_string(static_cast<output>(i)));
      add(records, output_labels, number(c.outputs[i].records));
      add(bytes, output_labels, number(c.outputs[i].bytes));
    }
  }
}

void tell_durations(const node_view& seen, families& out) {
  auto& commits =
      out.emplace_back(make_family("weir_commit_duration_seconds", histogram,
                                   "From the hand-over of an epoch until the lane knows it committed."));
  auto& checkpoints = out.emplace_back(make_family(
      "weir_checkpoint_duration_seconds", histogram,
      "Time a lane spends on the state of one epoch: encoding its changes, and storing them locally."));
  auto& latency = out.emplace_back(make_family(
      "weir_event_publish_latency_seconds", histogram,
      "From the broker time of an event until what it made is committed; of each batch its oldest."));
  for (const auto& lane : seen.lanes) {
    const auto labels = of_lane(lane);
    add(commits, labels, lane.counts.commit_time);
    add(checkpoints, with(labels, "step", "encode"), lane.counts.seal_time);
    add(checkpoints, with(labels, "step", "store"), lane.counts.store_time);
    add(latency, labels, lane.counts.publish_time);
  }
}

// -- tasks: what became of their input

struct task_counter {
  const char* name;
  const char* help;
  std::uint64_t (*value)(const task_counts&);
  bool ingest_only;
};

constexpr task_counter task_counters[] = {
    {"weir_task_records_total", "Input records taken in; redone ones are not counted again.",
     [](const task_counts& c) { return c.records; }, false},
    {"weir_events_total", "Events read: those that are valid, and those that became dead letters.",
     [](const task_counts& c) { return c.intake.in; }, true},
    {"weir_valid_events_total", "Events that are valid.", [](const task_counts& c) { return c.intake.valid; },
     true},
    {"weir_duplicate_events_total", "Valid events that had been taken in before.",
     [](const task_counts& c) { return c.intake.duplicates; }, true},
    {"weir_key_mismatches_total",
     "Events whose record's key is not their session_id, of a source that claims to be keyed by it.",
     [](const task_counts& c) { return c.intake.other_key; }, true},
    {"weir_late_events_total", "Valid events that came behind the watermark and still counted.",
     [](const task_counts& c) { return c.intake.late; }, true},
    {"weir_too_late_events_total", "Valid events that came too late to count.",
     [](const task_counts& c) { return c.intake.too_late; }, true},
    {"weir_sessions_closed_total", "Sessions that were closed.",
     [](const task_counts& c) { return c.intake.closed; }, true},
    {"weir_sessions_amended_total", "Closed sessions that a late event changed.",
     [](const task_counts& c) { return c.intake.amended; }, true},
    {"weir_sessions_withdrawn_total", "Sessions that became part of another.",
     [](const task_counts& c) { return c.intake.withdrawn; }, true},
};

void tell_counts(const node_view& seen, families& out) {
  for (const auto& metric : task_counters) {
    auto& family = out.emplace_back(make_family(metric.name, counter, metric.help));
    for (const auto& lane : seen.lanes)
      for (const auto& [task, counts] : lane.done)
        if (task.of == stage::ingest || !metric.ingest_only)
          add(family, of_task(lane, task), number(metric.value(counts)));
  }
  auto& dead = out.emplace_back(
      make_family("weir_dead_letters_total", counter, "Events that became dead letters, by reason."));
  for (const auto& lane : seen.lanes)
    for (const auto& [task, counts] : lane.done)
      for (std::size_t i = 0; i < counts.intake.dead.size() && task.of == stage::ingest; ++i)
        add(dead, with(of_task(lane, task), "reason", to_string(static_cast<reason>(i))),
            number(counts.intake.dead[i]));
}

// -- tasks: how they are now

struct task_gauge {
  const char* name;
  const char* help;
  std::optional<double> (*value)(const task_report&, std::int64_t now);
};

/// A clock in event time; nothing before the first event.
std::optional<double> event_time(std::int64_t clock) {
  if (clock == task_clocks::no_time) return std::nullopt;
  return seconds(clock);
}

std::optional<double> lag_seconds(const task_report& t, std::int64_t now) {
  if (t.lag() == 0) return 0;
  if (t.last_time == 0) return std::nullopt;  // nothing read yet
  return std::max(0.0, seconds(now - t.last_time));
}

constexpr task_gauge task_gauges[] = {
    {"weir_task_lag_records", "Records of the task's input that wait to be read.",
     [](const task_report& t, std::int64_t) -> std::optional<double> { return number(t.lag()); }},
    {"weir_task_lag_seconds", "Age of the last record read while others wait; 0 at the end of the input.",
     lag_seconds},
    {"weir_task_watermark_timestamp_seconds", "Watermark W of the task, event time since 1970.",
     [](const task_report& t, std::int64_t) { return event_time(t.clocks.w); }},
    {"weir_task_closing_clock_timestamp_seconds", "Closing clock C of the task, event time since 1970.",
     [](const task_report& t, std::int64_t) { return event_time(t.clocks.c); }},
    {"weir_task_redo_remaining_records", "Records that a redo still has to read again.",
     [](const task_report& t, std::int64_t) -> std::optional<double> { return number(t.redo_left); }},
    {"weir_task_actors", "Live actors of the task: of sessions, or of the final tier.",
     [](const task_report& t, std::int64_t) -> std::optional<double> { return number(t.actors); }},
    {"weir_task_keys", "Keys of the task's state in memory.",
     [](const task_report& t, std::int64_t) -> std::optional<double> { return number(t.keys); }},
    {"weir_task_dirty_keys", "Keys of the task's state that changed since their last checkpoint.",
     [](const task_report& t, std::int64_t) -> std::optional<double> { return number(t.dirty_keys); }},
    {"weir_task_value_bytes", "Bytes of encoded values of the task's state in memory.",
     [](const task_report& t, std::int64_t) -> std::optional<double> { return number(t.value_bytes); }},
};

void tell_tasks(const node_view& seen, families& out) {
  for (const auto& metric : task_gauges) {
    auto& family = out.emplace_back(make_family(metric.name, gauge, metric.help));
    for (const auto& lane : seen.lanes)
      for (const auto& task : lane.tasks)
        if (const auto value = metric.value(task, seen.now)) add(family, of_task(lane, task.task), *value);
  }
  auto& open = out.emplace_back(make_family("weir_sessions_open", gauge, "Sessions that are open."));
  for (const auto& lane : seen.lanes)
    for (const auto& task : lane.tasks)
      if (task.task.of == stage::ingest) add(open, of_task(lane, task.task), number(task.sessions));
}

// -- the node

void tell_store(const node_view& seen, families& out) {
  const auto& s = seen.store;
  auto& memory =
      out.emplace_back(make_family("weir_store_memory_bytes", gauge, "Memory of RocksDB, by use."));
  add(memory, {{"use", "block_cache"}}, number(s.block_cache_bytes));
  add(memory, {{"use", "memtables"}}, number(s.memtable_bytes));
  add(memory, {{"use", "table_readers"}}, number(s.table_reader_bytes));
  const auto tell = [&](const char* name, MetricType type, const char* help, double value) {
    add(out.emplace_back(make_family(name, type, help)), {}, value);
  };
  tell("weir_store_disk_bytes", gauge, "Bytes of RocksDB's live tables.", number(s.disk_bytes));
  tell("weir_store_pending_compaction_bytes", gauge, "Bytes that RocksDB has yet to rewrite.",
       number(s.pending_compaction_bytes));
  tell("weir_store_stall_seconds_total", counter, "Time that RocksDB held writers up, in seconds.",
       s.stall_seconds);
  tell("weir_store_write_stopped", gauge, "1 while RocksDB takes no writes, else 0.", s.stopped ? 1 : 0);
  tell("weir_store_errors_total", counter, "Flushes and compactions of RocksDB that failed.",
       number(s.errors));
  tell("weir_disk_free_bytes", gauge, "Free bytes where node.data_dir is.", number(seen.disk_free));
  tell("weir_disk_size_bytes", gauge, "Size of the file system where node.data_dir is, in bytes.",
       number(seen.disk_size));
}

void tell_build(families& out) {
  auto& build =
      out.emplace_back(make_family("weir_build_info", gauge, "1; the labels tell which build runs."));
  add(build, {{"version", WEIR_VERSION}, {"compiler", "g++ " __VERSION__}}, 1);
}

}  // namespace

std::vector<prometheus::MetricFamily> node_metrics::Collect() const {
  const auto seen = look_();
  families out;
  tell_build(out);
  tell_lanes(seen, out);
  tell_commits(seen, out);
  tell_epochs(seen, out);
  tell_durations(seen, out);
  tell_counts(seen, out);
  tell_tasks(seen, out);
  tell_store(seen, out);
  for (auto& family : process_metrics()) out.push_back(std::move(family));
  return {std::make_move_iterator(out.begin()), std::make_move_iterator(out.end())};
}

std::string node_metrics::text() const {
  std::ostringstream out;
  prometheus::TextSerializer().Serialize(out, Collect());
  return out.str();
}

}  // namespace weir
