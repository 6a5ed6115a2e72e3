#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace weir {

/// A rule of uap-core: an expression that is looked for in an agent, and what it then says. A replacement
/// that is not there is the match's group of that number; in one, `$1` to `$9` stand for groups.
struct agent_rule {
  std::string regex;
  bool ignore_case = false;
  std::array<std::optional<std::string>, 5> replacements;
};

/// A rule of weir's own: the type of a device by what the others found.
struct device_type_rule {
  enum class subject : std::uint8_t { device, brand, model, os };  // device: its family; os: likewise
  std::string type;
  subject of = subject::device;
  std::string regex;
};

/// What device, browser and operating system are found with. Of each list the first rule that matches counts.
struct agent_rules {
  std::vector<agent_rule> browsers;  // family, major, minor, patch
  std::vector<agent_rule> systems;   // family, major, minor, patch, patch of that
  std::vector<agent_rule> devices;   // family, brand, model; without replacements $1, none, $1
  std::vector<device_type_rule> types;
};

}  // namespace weir
