#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "pipeline/kpi/gold_sketches.hpp"
#include "tests/simulation/records.hpp"
#include "tests/simulation/world.hpp"

namespace weir::simulation {

namespace {

/// Takes `"name":<number>,` out of a record.
std::string without(std::string json, std::string_view name) {
  const auto begin = json.find(fmt::format("\"{}\":", name));
  if (begin == std::string::npos) return json;
  auto end = json.find_first_of(",}", begin);
  if (json[end] == ',') ++end;
  return json.erase(begin, end - begin);
}

/// Freshness goes by the wall clock, so only how many samples there are must be the same: one a valid event.
std::string without_freshness(std::string json) {
  for (const auto* name : {"freshness_s_p50", "freshness_s_p95", "freshness_s_p99"})
    json = without(json, name);
  const auto sketch = text_field(json, "freshness_s");
  if (sketch.empty()) return json;
  cell c;
  read_sketch(family::quality, "freshness_s", sketch, c);
  if (json.find(fmt::format("\"valid\":{},", c.samples.at(0).count())) == std::string::npos)
    throw std::runtime_error("not one sample of freshness for each valid event: " + json);
  return json.erase(json.find(sketch), sketch.size());
}

/// The shares of a cohort, and that none is to come, go by W. The clock takes it far beyond the last event,
/// where it bounds the age of events, and the end of input does not: what they divide must be the same.
std::string without_shares(std::string json) {
  for (const auto* name : {"d1", "d7", "d30", "final", "sessions_open"})
    json = without(std::move(json), name);
  for (int week = 1; week <= 12; ++week) json = without(std::move(json), fmt::format("w{}", week));
  return json;
}

/// Withdrawn under its old user; published under the new one with the same revision.
bool moved(std::string_view json) { return json.find("\"moved_to\":") != std::string_view::npos; }

}  // namespace

user_records world::known_users() {
  user_records users;
  if (log_.has_topic("weir.users"))
    log_.read_all("weir.users", 0, [&](std::string_view key, std::string_view value) {
      users.last[std::string(key)] = value;
    });
  std::erase_if(users.last, [](const auto& user) { return user.second.empty(); });
  for (const auto& [_, user] : users.last)
    users.expired_below = std::max(users.expired_below, number_field(user, "last_seen") - users_retention);
  if (plan_.backfill) return users;
  users.expired_below = std::max(users.expired_below, settled_by(wall_) - users_retention);
  return users;
}

final_output world::collect() {
  final_output out;
  for (auto topic : {output::events, output::late}) {
    for (std::int32_t p = 0; p < plan_.partitions; ++p) {
      // Sessions and the reader write on their own: there is an order within each, and none between them.
      log_.read_all(std::string(to_string(topic)), p, [&](auto key, auto value) {
        out.ordered[fmt::format("{}/{} {}", to_string(topic), p, dropped(value) ? "reader" : key)]
            .emplace_back(value);
      });
    }
  }
  for (std::int32_t p = 0; p < plan_.partitions; ++p) {
    log_.read_all(std::string(to_string(output::dlq)), p, [&](std::string_view key, std::string_view value) {
      out.ordered["dlq " + std::string(key)].emplace_back(value);
      if (text_field(value, "reason") != "internal_error") return;
      const auto offset = key.rfind('|');
      const auto partition = key.rfind('|', offset - 1);
      if (key.substr(0, partition) == input_topic)
        out.buried.emplace_back(std::stoi(std::string(key.substr(partition + 1))),
                                std::stoll(std::string(key.substr(offset + 1))));
    });
  }
  for (std::int32_t p = 0; p < log_.partitions(sessions_topic); ++p)
    log_.read_all(sessions_topic, p, [&](std::string_view key, std::string_view value) {
      if (!key.starts_with(clock_key_prefix))
        out.revisions[text_field(value, "session_key")].emplace_back(value);
    });
  out.users = users_ ? *users_ : known_users();
  // A session that moved to another user has records in more than one partition: its revisions tell their
  // order.
  for (auto& [key, records] : out.revisions) {
    std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) {
      const auto place = [](const std::string& r) {
        return std::pair(number_field(r, "revision"), !moved(r));
      };
      return place(a) < place(b);
    });
    out.sessions[key] = without(records.back(), "revision");
    std::erase_if(records, moved);
  }
  for (std::size_t f = 0; f < families; ++f) {
    const auto topic = "weir.gold." + std::string(definition(static_cast<family>(f)).name);
    if (!log_.has_topic(topic)) continue;  // nothing was ever published
    log_.read_all(topic, 0, [&](std::string_view key, std::string_view value) {
      auto record = without_freshness(without(without(std::string(value), "revision"), "watermark"));
      if ((!plan_.backfill || plan_.ends_by_clock) && f == static_cast<std::size_t>(family::retention))
        record = without_shares(std::move(record));
      out.gold[topic + ' ' + std::string(key)] = std::move(record);
    });
  }
  return out;
}

}  // namespace weir::simulation
