#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/field.hpp"
#include "config/settings.hpp"

/// All settings of weir, once: reading, checking, printing, config/weir.yaml and docs/configuration.md come
/// from here. The defaults are those of a constructed `settings`.
namespace weir::config {

/// A part of the configuration.
struct section {
  std::string_view name;
  std::string_view meaning;
  std::string_view example;  // YAML, may be empty
};
const std::vector<section>& sections();

/// Every setting by its full name, in the order of the sections.
const std::vector<field<settings>>& schema();

/// The keys of one entry of `sources`, `sites`, `goals`, `funnels` and so on.
const std::vector<field<source_rules>>& source_fields();
const std::vector<field<site_rules>>& site_fields();
const std::vector<field<event_match>>& match_fields();
const std::vector<field<goal>>& goal_fields();
const std::vector<field<funnel_step>>& step_fields();
const std::vector<field<funnel>>& funnel_fields();
const std::vector<field<alert>>& alert_fields();

/// The names of the keys of one entry of `sources` or `sites`; nothing for other maps.
std::vector<std::string> entry_keys(std::string_view map);

/// True for maps whose keys are names that anyone may choose: `sources`, `sites`, `kafka.properties`.
bool is_open_map(std::string_view path);

}  // namespace weir::config
