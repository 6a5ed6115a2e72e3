#pragma once

#include <string>

#include "pipeline/enrich/agent_rules.hpp"

namespace weir {

/// The rules of uap-core that the setting lists.user_agents asks for, `default` or a file, with weir's own
/// rules of device types: config/data/user_agents. Throws data_file_error.
agent_rules agent_rules_of(const std::string& setting);

}  // namespace weir
