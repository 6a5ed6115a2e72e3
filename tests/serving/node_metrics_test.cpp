#include "serving/node_metrics.hpp"

#include <doctest/doctest.h>

#include <set>

#include "tests/serving/view_fixture.hpp"

using namespace weir;

namespace {

const task_id first{stage::ingest, "topic_web_events", 3};
const std::string of_first = R"({lane="lane-00",stage="ingest",topic="topic_web_events",partition="3")";

std::string text_of(const node_view& seen) {
  return node_metrics([&] { return seen; }).text();
}
bool has(const std::string& text, const std::string& line) {
  return text.find('\n' + line + '\n') != std::string::npos;
}

}  // namespace

TEST_CASE("what became of a task's events is told by task, dead letters by reason") {
  auto seen = test::well();
  auto& counts = seen.lanes[0].done[first];
  counts.records = 12;
  counts.intake.in = 10;
  counts.intake.valid = 8;
  counts.intake.dead[static_cast<std::size_t>(reason::missing_field)] = 2;
  const auto text = text_of(seen);
  CHECK(has(text, "weir_task_records_total" + of_first + "} 12"));
  CHECK(has(text, "weir_events_total" + of_first + "} 10"));
  CHECK(has(text, "weir_valid_events_total" + of_first + "} 8"));
  CHECK(has(text, "weir_dead_letters_total" + of_first + R"(,reason="missing_field"} 2)"));
  CHECK(has(text, "weir_dead_letters_total" + of_first + R"(,reason="malformed_json"} 0)"));
}

TEST_CASE("a task that has left keeps its counters and has no state any more") {
  auto seen = test::well();
  seen.lanes[0].done[first].records = 12;
  seen.lanes[0].tasks.clear();
  const auto text = text_of(seen);
  CHECK(has(text, "weir_task_records_total" + of_first + "} 12"));
  CHECK(text.find("\nweir_task_lag_records{") == text.npos);
}

TEST_CASE("lag is what waits to be read, and the age of what was read last; none at the end") {
  auto seen = test::well();
  CHECK(has(text_of(seen), "weir_task_lag_records" + of_first + "} 0"));
  CHECK(has(text_of(seen), "weir_task_lag_seconds" + of_first + "} 0"));
  auto& task = seen.lanes[0].tasks[0];
  task.end = 70;
  CHECK(has(text_of(seen), "weir_task_lag_records" + of_first + "} 20"));
  CHECK(has(text_of(seen), "weir_task_lag_seconds" + of_first + "} 5"));
  task.last_time = 0;  // nothing read yet: no one knows
  CHECK(text_of(seen).find("\nweir_task_lag_seconds{") == std::string::npos);
}

TEST_CASE("clocks are seconds since 1970, and not there before the first event") {
  auto seen = test::well();
  CHECK(has(text_of(seen), "weir_task_watermark_timestamp_seconds" + of_first + "} 1700000000"));
  CHECK(has(text_of(seen), "weir_task_closing_clock_timestamp_seconds" + of_first + "} 1700000001"));
  seen.lanes[0].tasks[0].clocks = {};
  CHECK(text_of(seen).find("\nweir_task_watermark_timestamp_seconds{") == std::string::npos);
}

TEST_CASE("durations are told in buckets that add up") {
  auto seen = test::well();
  auto& time = seen.lanes[0].counts.commit_time;
  time.observe(0.004);
  time.observe(0.2, 3);
  time.observe(1e6);
  const auto text = text_of(seen);
  const std::string name = "weir_commit_duration_seconds";
  CHECK(has(text, name + R"(_bucket{lane="lane-00",le="0.001"} 0)"));
  CHECK(has(text, name + R"(_bucket{lane="lane-00",le="0.005"} 1)"));
  CHECK(has(text, name + R"(_bucket{lane="lane-00",le="0.25"} 4)"));
  CHECK(has(text, name + R"(_bucket{lane="lane-00",le="7200"} 4)"));
  CHECK(has(text, name + R"(_bucket{lane="lane-00",le="+Inf"} 5)"));
  CHECK(has(text, name + R"(_count{lane="lane-00"} 5)"));
  CHECK(has(text, name + R"(_sum{lane="lane-00"} 1000000.604)"));
}

TEST_CASE("every metric has a help text, a name of its own and a sample, and its process is told of") {
  auto seen = test::well();
  const node_metrics metrics([&] { return seen; });
  std::set<std::string> names;
  for (const auto& family : metrics.Collect()) {
    INFO(family.name);
    CHECK(names.insert(family.name).second);
    CHECK(family.help.ends_with('.'));
    CHECK_FALSE(family.metric.empty());
    CHECK((family.type == prometheus::MetricType::Counter) == family.name.ends_with("_total"));
  }
  for (const auto* name : {"process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds"})
    CHECK(names.contains(name));
}

TEST_CASE("the process' memory and start are those of this process") {
  node_view seen = test::well();
  double resident = 0, start = 0;
  for (const auto& family : node_metrics([&] { return seen; }).Collect()) {
    if (family.name == "process_resident_memory_bytes") resident = family.metric[0].gauge.value;
    if (family.name == "process_start_time_seconds") start = family.metric[0].gauge.value;
  }
  CHECK(resident > 1e6);
  CHECK(start > 1.5e9);
  CHECK(start <= static_cast<double>(time(nullptr)) + 1);
}
