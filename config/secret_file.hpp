#pragma once

#include <string>
#include <string_view>

namespace weir {

/// The secret that a file holds, without the line break at its end; empty for an empty path. Throws
/// config_error, which names the setting and shows nothing of the secret.
std::string read_secret(std::string_view setting, const std::string& path);

}  // namespace weir
