#include "tools/config_arguments.hpp"

#include <CLI/CLI.hpp>

namespace weir {

void config_arguments::add_to(CLI::App& command) {
  command.add_option("--config", file, "Configuration file (YAML); default: $WEIR_CONFIG, else the defaults");
  command.add_option("--env", environment,
                     "Environment: its file is laid over the configuration; default: $WEIR_ENV");
  command.add_option("--set", sets, "Overrides one setting, as a.b=c; may be given again")
      ->take_all()
      ->allow_extra_args(false);
}

config_sources config_arguments::sources(std::string base) const {
  auto from = process_sources(file, environment, sets);
  from.base = std::move(base);
  return from;
}

}  // namespace weir
