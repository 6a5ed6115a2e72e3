#pragma once

#include <string_view>

#include "pipeline/base/arena.hpp"
#include "pipeline/rules.hpp"

namespace weir {

/// The address as `privacy.ip` lets it be written: as it is, cut to IPv4 /24 or IPv6 /48, or nothing. What
/// cannot be cut because it is no address is dropped. The result is the text itself or lies in `texts`.
/// events.md, "Personal data".
std::string_view private_ip(ip_privacy privacy, std::string_view address, arena& texts);

}  // namespace weir
