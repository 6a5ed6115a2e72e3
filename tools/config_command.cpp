#include "tools/config_command.hpp"

#include <functional>

#include "config/loader.hpp"
#include "config/print.hpp"
#include "config/reference.hpp"
#include "config/references.hpp"

namespace weir {
namespace {

constexpr int done = 0;
constexpr int failed = 1;
constexpr int unusable = 2;

int with_settings(const config_options& options, std::ostream& out, std::ostream& errors,
                  const std::function<std::string(const settings&)>& show) {
  try {
    const auto s = load_settings(process_sources(options.file, options.environment, options.sets));
    out << show(s) << std::flush;
    return out ? done : failed;
  } catch (const config_error& e) {
    errors << e.what() << '\n';
    return unusable;
  }
}

}  // namespace

int config_check(const config_options& options, std::ostream& out, std::ostream& errors) {
  return with_settings(options, out, errors, [](const settings& s) {
    if (s.log.kind == "kafka") resolved_properties(s);
    return "the configuration is right\n";
  });
}

int config_print(const config_options& options, bool commented, std::ostream& out, std::ostream& errors) {
  return with_settings(options, out, errors, commented ? print_commented : print_settings);
}

int config_reference_command(std::ostream& out) {
  out << config_reference() << std::flush;
  return out ? done : failed;
}

}  // namespace weir
