#pragma once

#include <iostream>

#include "config/settings.hpp"
#include "tools/generate_command.hpp"

namespace weir {

/// `weir generate --to kafka`: sends generated traffic to the topic of the source `web`, whose partition
/// count it takes, each record with its time of arrival. `trailer` ends each partition with an event of the
/// site `trailer` a hundred days later, which closes all sessions and windows before it. Returns the exit
/// status.
int produce(const settings& configuration, generate_options what, bool trailer,
            std::ostream& errors = std::cerr);

}  // namespace weir
