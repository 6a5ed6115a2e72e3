#include "config/loader.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "config/checks.hpp"
#include "config/nearest.hpp"
#include "config/node.hpp"
#include "config/overrides.hpp"
#include "config/reader.hpp"
#include "config/yaml.hpp"

extern char** environ;

namespace weir {
namespace {

namespace fs = std::filesystem;
using config::node;

fs::path environments_folder(const config_sources& from) {
  return (from.file.empty() ? fs::path("config") : from.file.parent_path()) / "environments";
}

std::vector<std::string> environments(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing))
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  return names;
}

node read_environment(const config_sources& from) {
  const auto folder = environments_folder(from);
  const auto file = folder / (from.environment + ".yaml");
  if (fs::exists(file)) return config::read_yaml(file);
  const auto near = config::nearest(from.environment, environments(folder));
  throw config_error(fmt::format(
      "{}: there is no such environment{}{}", fs::absolute(file).string(),
      near.empty() ? "" : fmt::format("; did you mean {}?", near),
      from.file.empty() ? "; with --config FILE it is looked for in environments/ beside FILE" : ""));
}

/// Once a layer is no map, nothing is laid over it: reading tells of it.
void lay_over(node& under, node over) {
  if (!under.is(node::kind::scalar) && !under.is(node::kind::list)) merge(under, std::move(over));
}

node gather(const config_sources& from, config::problems& wrong) {
  auto all = node::map();
  if (!from.base.empty()) lay_over(all, config::parse_yaml(from.base, "built in"));
  if (!from.file.empty()) lay_over(all, config::read_yaml(from.file));
  if (!from.environment.empty()) lay_over(all, read_environment(from));
  lay_over(all, config::parse_variables(from.variables, all, wrong));
  for (const auto& argument : from.sets) lay_over(all, config::parse_set(argument, wrong));
  return all;
}

std::string variable(const char* name) {
  const auto* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

config_sources process_sources(fs::path file, std::string environment, std::vector<std::string> sets) {
  config_sources from{std::move(file), std::move(environment), {}, std::move(sets)};
  if (from.file.empty()) from.file = variable("WEIR_CONFIG");
  if (from.environment.empty()) from.environment = variable("WEIR_ENV");
  for (auto** entry = environ; *entry; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (text.starts_with("WEIR_") && equals != text.npos)
      from.variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return from;
}

settings load_settings(const config_sources& from) {
  config::problems wrong;
  settings s;
  const auto given = gather(from, wrong);
  config::read_settings(given, s, wrong);
  wrong.raise();
  config::check_consistency(s, given, wrong);
  config::check_availability(s, given, wrong);
  wrong.raise();
  return s;
}

}  // namespace weir
