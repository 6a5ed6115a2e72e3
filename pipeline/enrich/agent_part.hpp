#pragma once

#include <string_view>

#include "pipeline/event/utf8.hpp"

namespace weir {

/// Of a longer user agent only so many bytes are looked at, up to the end of a code point.
inline constexpr std::size_t agent_bytes = 2048;
inline std::string_view agent_part(std::string_view agent) { return utf8_prefix(agent, agent_bytes); }

}  // namespace weir
