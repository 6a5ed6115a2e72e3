#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "pipeline/enrich/bot_agents.hpp"

namespace weir {

/// The patterns of a list of crawlers: JSON as of the package crawler-user-agents, when it
/// begins with `[`, else one a line, lines that begin with `#` being comments;
/// config/data/crawlers/README.md. `name` is the file's, for messages. Throws data_file_error, also
/// when there are none.
std::vector<std::string> crawler_patterns_in(const std::string& name, std::string_view text);

/// The lists that bots.crawlers, bots.extra_crawlers and lists.headless ask for. Throws data_file_error.
bot_lists bot_lists_of(const settings& s);

}  // namespace weir
