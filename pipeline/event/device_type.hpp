#pragma once

#include <string_view>

#include "pipeline/event/event.hpp"

namespace weir {

/// The device type of an event: the claim as it is, unless empty, `unknown` or `(none)`; else by screen width
/// (`screen_width` before the W of `screen_resolution`: under 768 `mobile`, under 1,024 `tablet`, else
/// `desktop`); else `unknown`. docs/interpretations.md, 4.
std::string_view device_type_of(const event& e);

}  // namespace weir
