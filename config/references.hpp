#pragma once

#include <map>
#include <string>

#include "config/settings.hpp"

namespace weir {

/// The properties of kafka.properties with each `${env:NAME}` and `${file:PATH}` replaced by what the
/// variable or the file holds (without its last line end): secrets need not stand in the configuration, and
/// are never printed. Throws config_error, which names what is missing and shows no value.
std::map<std::string, std::string> resolved_properties(const settings& s);

namespace config {
/// True when the whole text is one reference: then it is no secret itself.
bool is_reference(const std::string& text);
}  // namespace config

}  // namespace weir
