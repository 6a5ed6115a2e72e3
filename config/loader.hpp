#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "config/error.hpp"
#include "config/settings.hpp"

namespace weir {

/// Where a configuration comes from; what comes later wins.
struct config_sources {
  std::filesystem::path file;  // empty: the defaults
  std::string environment;     // "prod": environments/prod.yaml beside the file, or in config/; empty: none
  std::vector<std::pair<std::string, std::string>> variables;  // WEIR_COMMIT_INTERVAL, ...
  std::vector<std::string> sets;                               // commit.interval=500ms, ...
  std::string base = {};  // YAML that a command brings along, under the file; empty: none
};

/// Takes WEIR_CONFIG for a file, WEIR_ENV for an environment that is not given, and the process's other WEIR_
/// variables.
config_sources process_sources(std::filesystem::path file, std::string environment,
                               std::vector<std::string> sets);

/// Loads, merges and checks. Throws config_error, which tells all that is wrong.
settings load_settings(const config_sources& from);

}  // namespace weir
