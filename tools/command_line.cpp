#include "tools/command_line.hpp"

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "config/units.hpp"

namespace weir {

namespace {

std::string whole_number_fault(const std::string& text) {
  if (config::parse_count(text)) return {};
  return fmt::format("expected a whole number, 0 or more, got \"{}\"", text);
}

/// The command that was reached: `weir log dump` of its arguments.
const CLI::App& reached(const CLI::App& app) {
  const auto below = app.get_subcommands();
  return below.empty() ? app : reached(*below.back());
}

std::string full_name(const CLI::App& command) {
  const auto* above = command.get_parent();
  return above ? full_name(*above) + ' ' + command.get_name() : "weir";
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* o : command.get_options())
    for (const auto& name : o->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<std::string> command_names(const CLI::App& above) {
  std::vector<std::string> names;
  for (const auto* c : above.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(c->get_name());
  return names;
}

/// `; did you mean replay?`, or nothing when none is near.
std::string hint(const std::string& wrong, const std::vector<std::string>& right) {
  const auto near = config::nearest(wrong, right);
  return config::is_near(wrong, near) ? fmt::format("; did you mean {}?", near) : std::string();
}

std::string unknown(const CLI::App& command, const std::string& argument) {
  if (argument.starts_with("-")) {
    const auto name = argument.substr(0, argument.find('='));
    return fmt::format("there is no option {}{}", name, hint(name, option_names(command)));
  }
  const auto commands = command_names(command);
  if (commands.empty()) return "unexpected argument " + argument;
  const auto near = hint(argument, commands);
  return fmt::format("there is no command {}{}", argument,
                     near.empty() ? fmt::format("; there are {}", fmt::join(commands, ", ")) : near);
}

}  // namespace

void check_whole_numbers(CLI::App& command) {
  for (auto* o : command.get_options())
    if (const auto type = o->get_type_name(); type == "UINT" || type == "INT") o->check(whole_number_fault);
  for (auto* below : command.get_subcommands([](const CLI::App*) { return true; }))
    check_whole_numbers(*below);
}

std::string usage_fault(const CLI::App& app, const CLI::ParseError& error) {
  const auto& command = reached(app);
  const bool lacks = dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  const bool exceeds = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
  const auto left = app.remaining(true);
  const auto what = (lacks || exceeds) && !left.empty() ? unknown(command, left.front()) : error.what();
  return fmt::format("{}: {}\nsee {} --help", full_name(command), what, full_name(command));
}

}  // namespace weir
