#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace weir {

/// Makes every option of a whole number, of the command and of those below it, refuse what is none: the
/// parser takes `-1` for a large number. Called when all options are there.
void check_whole_numbers(CLI::App& command);

/// What was wrong with the command line. A command or an option that is not known is named, with the nearest
/// that is, before anything else that is missing.
std::string usage_fault(const CLI::App& app, const CLI::ParseError& error);

}  // namespace weir
