#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "pipeline/alert/alert_rule.hpp"

namespace weir {

/// What is wrong with a configured alert; empty when nothing is.
std::string alert_fault(const alert& a);

/// weir's own alerts with the changes and additions of the configuration, less those that are switched off.
/// The configuration has been checked.
std::vector<alert_rule> make_alert_rules(const settings& s);

}  // namespace weir
