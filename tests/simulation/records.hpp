#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "pipeline/log/record.hpp"

namespace weir::simulation {

inline constexpr std::int64_t second = 1'000;
inline constexpr std::int64_t users_retention = 16 * 3'600 * second;
inline const std::string input_topic = "topic_web_events";
inline const std::string partials_topic{to_string(output::partials)};
inline const std::string sessions_topic{to_string(output::sessions)};

/// The text of a field of a JSON record; empty when there is none.
inline std::string text_field(std::string_view json, std::string_view name) {
  const auto key = fmt::format("\"{}\":\"", name);
  const auto at = json.find(key);
  if (at == std::string_view::npos) return {};
  const auto begin = at + key.size();
  return std::string(json.substr(begin, json.find('"', begin) - begin));
}

/// The first field of that name must be a whole number.
inline std::int64_t number_field(std::string_view json, std::string_view name) {
  const auto key = fmt::format("\"{}\":", name);
  return std::stoll(std::string(json.substr(json.find(key) + key.size(), 20)));
}

/// Silver of an event that no KPI but `quality` counts.
inline bool dropped(std::string_view silver) {
  return silver.find("\"late\":\"dropped\"") != std::string_view::npos;
}
/// Silver of an event that its site does not count, since its session is a bot's with it.
inline bool of_bot(std::string_view silver) {
  return silver.find("\"is_bot\":true") != std::string_view::npos;
}

}  // namespace weir::simulation
