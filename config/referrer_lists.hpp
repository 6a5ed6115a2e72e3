#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>

#include "pipeline/session/traffic_source.hpp"

namespace weir {

/// What is wrong with a list of referrers: `file:line: what was expected`.
struct referrer_lists_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads `SearchEngines.yml`, `Socials.yml`, `AIAssistants.yml`, `webmail.yml`, `ad_networks.yml` and, if it
/// is there, `assistants.yml` of a folder; the format is in config/data/referrers/README.md. Throws
/// referrer_lists_error when a file is missing or malformed.
referrer_lists load_referrer_lists(const std::filesystem::path& dir);

/// The lists that are built into the binary: config/data/referrers as it was then.
referrer_lists default_referrer_lists();

/// What the setting lists.referrers asks for: `default`, or a folder. Throws as load_referrer_lists does.
referrer_lists referrer_lists_of(const std::string& setting);

}  // namespace weir
