#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "pipeline/enrich/agent_rules.hpp"

namespace weir {

/// What uap-core's rules say of an agent. Families are `Other` when no rule matches.
struct agent_match {
  std::array<std::string, 4> browser;  // family, major, minor, patch
  std::array<std::string, 5> system;   // family, major, minor, patch, patch of that
  std::array<std::string, 3> device;   // family, brand, model
};

/// What weir makes of that; empty when the agent does not tell.
struct agent_facts {
  std::string device_type;  // bot, tablet, mobile, desktop, tv
  std::string browser, browser_version;
  std::string os, os_version;
  std::string device_brand, device_model;
};

/// Finds out device, browser and operating system from a user agent: takes some 10 to 30 microseconds, so
/// whoever calls it caches. Immutable; any thread may use it.
class agent_matcher {
 public:
  /// Throws std::invalid_argument for what RE2 does not read.
  explicit agent_matcher(const agent_rules& rules);
  ~agent_matcher();
  agent_matcher(const agent_matcher&) = delete;
  agent_matcher& operator=(const agent_matcher&) = delete;

  agent_match match(std::string_view agent) const;
  agent_facts facts(std::string_view agent) const;

 private:
  struct compiled;
  std::unique_ptr<const compiled> compiled_;
};

}  // namespace weir
