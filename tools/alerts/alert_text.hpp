#pragma once

#include <string>

#include "pipeline/alert/alert_change.hpp"
#include "pipeline/alert/alert_rule.hpp"

namespace weir {

/// A change as a line for people: when, what, where, the value and what it should not pass.
std::string text_of(const alert_change& change);
/// What a rule asks for, for people: `page_load_ms_p90 above 3000 in windows of 5m`.
std::string text_of(const alert_rule& rule);

}  // namespace weir
