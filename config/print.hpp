#pragma once

#include <string>

#include "config/node.hpp"
#include "config/settings.hpp"

namespace weir {

/// The configuration as it holds, defaults too, as YAML that loads to the same. Properties of Kafka that hold
/// secrets are masked.
std::string print_settings(const settings& s);

/// The same with a comment before each setting: config/weir.yaml is this of the defaults.
std::string print_commented(const settings& s);

namespace config {

/// The tree of all settings.
node to_tree(const settings& s);

}  // namespace config
}  // namespace weir
