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

/// Who has been away for long may have been forgotten, or not yet.
void erase_expired(std::map<std::string, std::string>& users) {
  std::int64_t newest = 0;
  for (const auto& [_, user] : users) newest = std::max(newest, number_field(user, "last_seen"));
  std::erase_if(users, [&](const auto& user) {
    return number_field(user.second, "last_seen") < newest - users_retention;
  });
}

/// Withdrawn under its old user; published under the new one with the same revision.
bool moved(std::string_view json) { return json.find("\"moved_to\":") != std::string_view::npos; }

}  // namespace

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
  if (log_.has_topic("weir.users"))
    log_.read_all("weir.users", 0,
                  [&](std::string_view key, std::string_view value) { out.users[std::string(key)] = value; });
  std::erase_if(out.users, [](const auto& user) { return user.second.empty(); });
  erase_expired(out.users);
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
      out.gold[topic + ' ' + std::string(key)] =
          without_freshness(without(without(std::string(value), "revision"), "watermark"));
    });
  }
  return out;
}

}  // namespace weir::simulation
