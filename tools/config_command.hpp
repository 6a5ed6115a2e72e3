#pragma once

#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace weir {

/// What every command that reads a configuration takes: `--config`, `--env`, `--set`.
struct config_options {
  std::filesystem::path file;
  std::string environment;
  std::vector<std::string> sets;
};

/// `weir config check`: says whether the configuration can be used. Returns 0, or 2 with all that is wrong on
/// `errors`.
int config_check(const config_options& options, std::ostream& out = std::cout,
                 std::ostream& errors = std::cerr);

/// `weir config print`: the configuration as it holds; `commented` adds what each setting means. Returns as
/// above.
int config_print(const config_options& options, bool commented = false, std::ostream& out = std::cout,
                 std::ostream& errors = std::cerr);

/// `weir config reference`: docs/configuration.md. Returns 0.
int config_reference_command(std::ostream& out = std::cout);

}  // namespace weir
