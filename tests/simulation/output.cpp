#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

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
    log_.read_all(std::string(to_string(output::sessions)), p, [&](auto, std::string_view value) {
      const auto key = text_field(value, "session_key");
      out.revisions[key].emplace_back(value);
    });
  }
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
          without(without(std::string(value), "revision"), "watermark");
    });
  }
  return out;
}

}  // namespace weir::simulation
