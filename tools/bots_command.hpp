#pragma once

#include <iostream>
#include <string>

#include "config/settings.hpp"

namespace CLI {
class App;
}

namespace weir {

struct bots_explain_options {
  std::string what;   // an agent, or a file of agents, events or lines of an access log; `-`: standard input
  bool file = false;  // it is a file, whether it exists or not
  bool json = false;
};

/// `weir bots explain`: says of a user agent whether it makes a session a bot's, and by what; of a file it
/// says so of each of its agents, and how many there were. Returns 0; 1 when a file cannot be read, 2 when a
/// list cannot be used.
int bots_explain(const settings& s, const bots_explain_options& options, std::ostream& out = std::cout,
                 std::ostream& errors = std::cerr);

/// Adds `weir bots` to the program.
void add_bots_command(CLI::App& app, int& status);

}  // namespace weir
