#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "pipeline/alert/alert_rule.hpp"

namespace weir {

/// What is wrong with a configured alert where these families are computed; empty when nothing is.
std::string alert_fault(const alert& a, const family_set& computed);

/// weir's own alerts with the changes and additions of the configuration, less those that are switched off or
/// of a family that is not computed. The configuration has been checked.
std::vector<alert_rule> make_alert_rules(const settings& s);

}  // namespace weir
