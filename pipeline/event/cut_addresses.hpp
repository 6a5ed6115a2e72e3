#pragma once

#include <string>
#include <string_view>

#include "pipeline/rules.hpp"

namespace weir {

/// The text with each IPv4 and IPv6 address in it, wherever it stands, also within a word, as `privacy` lets
/// it be written: `-` in the place of one that is dropped. Of text of which nothing else is known: what only
/// looks like an address (a version of four numbers) is cut, too.
std::string cut_addresses(ip_privacy privacy, std::string_view text);

}  // namespace weir
