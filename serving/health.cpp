#include "serving/health.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/base/json_writer.hpp"

namespace weir {

namespace {

double age_seconds(const node_view& seen, std::int64_t time) {
  return static_cast<double>(seen.now - time) / 1000;
}

std::uint64_t redo_left(const lane_report& lane) {
  std::uint64_t sum = 0;
  for (const auto& task : lane.tasks) sum += task.redo_left;
  return sum;
}

health_check check_lanes(const node_view& seen) {
  health_check c{"lanes", !seen.failure, seen.failure.value_or("")};
  std::size_t running = 0;
  for (const auto& lane : seen.lanes) {
    if (lane.state == lane_state::running) {
      ++running;
      continue;
    }
    c.ok = false;
    c.detail += fmt::format("{}{} is {}", c.detail.empty() ? "" : "; ", lane.lane, to_string(lane.state));
    if (lane.state == lane_state::waiting) c.detail += ": " + lane.waiting_for;
  }
  if (c.ok) c.detail = fmt::format("{} of {} run", running, seen.lanes.size());
  return c;
}

/// A broker answers, and what lanes commit gets through.
health_check check_broker(const node_view& seen) {
  if (seen.broker_trouble) return {"broker", false, *seen.broker_trouble};
  std::int64_t last = 0;
  for (const auto& lane : seen.lanes) {
    last = std::max(last, lane.last_commit);
    if (lane.in_flight_since > 0 && seen.now - lane.in_flight_since > longest_commit_ms)
      return {"broker", false,
              fmt::format("{} waits for a commit since {:.0f} s, at most {} s were expected", lane.lane,
                          age_seconds(seen, lane.in_flight_since), longest_commit_ms / 1000)};
  }
  if (last == 0) return {"broker", true, "nothing was committed yet"};
  return {"broker", true, fmt::format("the last commit was {:.1f} s ago", age_seconds(seen, last))};
}

health_check check_restore(const node_view& seen) {
  std::size_t assigned = 0, restored = 0;
  std::uint64_t left = 0;
  for (const auto& lane : seen.lanes) {
    assigned += lane.assigned;
    restored += std::min(lane.assigned, lane.tasks.size());
    left += redo_left(lane);
  }
  return {"restore", restored == assigned && left == 0,
          fmt::format("{} of {} tasks restored, {} records to be read again", restored, assigned, left)};
}

health_check check_disk(const node_view& seen) {
  return {"disk", seen.disk_free >= least_disk_free,
          fmt::format("{} MiB free, {} MiB are needed", seen.disk_free >> 20, least_disk_free >> 20)};
}

}  // namespace

bool health::ok() const {
  return live && std::all_of(checks.begin(), checks.end(), [](const auto& c) { return c.ok; });
}

health assess(const node_view& seen) {
  health h;
  h.live = !seen.failure;
  h.ready = h.live && !seen.lanes.empty() &&
            std::all_of(seen.lanes.begin(), seen.lanes.end(), [](const auto& l) { return l.ready(); });
  h.checks = {check_lanes(seen), check_broker(seen), check_restore(seen), check_disk(seen)};
  return h;
}

std::string to_json(const health& h, const node_view& seen) {
  std::string out;
  json_writer json(out);
  json.begin_object().field("status", h.ok() ? "ok" : "failing");
  json.field("live", h.live).field("ready", h.ready).name("checks").begin_object();
  for (const auto& c : h.checks)
    json.name(c.name).begin_object().field("ok", c.ok).field("detail", c.detail).end_object();
  json.end_object().name("lanes").begin_array();
  for (const auto& lane : seen.lanes) {
    json.begin_object().field("lane", lane.lane).field("state", to_string(lane.state));
    json.field("tasks", static_cast<std::uint64_t>(lane.assigned));
    json.field("restored", static_cast<std::uint64_t>(lane.tasks.size()));
    json.field("redo_records_left", redo_left(lane)).name("last_commit_age_seconds");
    if (lane.last_commit == 0)
      json.null();
    else
      json.value(age_seconds(seen, lane.last_commit));
    json.end_object();
  }
  json.end_array().end_object();
  return out + '\n';
}

}  // namespace weir
