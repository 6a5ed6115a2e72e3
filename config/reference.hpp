#pragma once

#include <string>

namespace weir {

/// The reference of all settings as Markdown: docs/configuration.md is this.
std::string config_reference();

}  // namespace weir
