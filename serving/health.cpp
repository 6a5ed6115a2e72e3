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

/// Every commit goes through the broker: its age tells whether the broker can be reached.
health_check check_broker(const node_view& seen) {
  health_check c{"broker", true, {}};
  if (seen.commit_interval >= unlimited) {
    c.detail = "commit.interval is off: commits do not tell";
    return c;
  }
  double oldest = 0;
  for (const auto& lane : seen.lanes) {
    if (lane.last_commit == 0) {
      c.ok = false;
      c.detail = lane.lane + " has not committed yet";
      return c;
    }
    oldest = std::max(oldest, age_seconds(seen, lane.last_commit));
  }
  const auto bound = static_cast<double>(std::max(commit_stale_ms, 3 * seen.commit_interval)) / 1000;
  c.ok = oldest <= bound;
  c.detail = fmt::format("every lane has committed in the last {:.1f} s", oldest);
  if (!c.ok)
    c.detail =
        fmt::format("a lane's last commit is {:.0f} s old, at most {:.0f} s was expected", oldest, bound);
  return c;
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
