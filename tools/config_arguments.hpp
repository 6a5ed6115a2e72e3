#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "config/error.hpp"
#include "config/loader.hpp"

namespace CLI {
class App;
}

namespace weir {

/// What every command that has a configuration takes: --config, --env and --set. It lives as long as the
/// command.
struct config_arguments {
  std::string file, environment;
  std::vector<std::string> sets;

  void add_to(CLI::App& command);
  /// `base`: YAML under everything.
  config_sources sources(std::string base = {}) const;
};

/// Runs a command with its configuration loaded, and returns its status: 2 when the configuration is wrong.
template <class Command>
int with_settings(const config_sources& from, Command&& command) {
  try {
    const auto configuration = load_settings(from);
    return command(configuration);
  } catch (const config_error& x) {
    fmt::print(stderr, "{}\n", x.what());
    return 2;
  }
}

}  // namespace weir
