#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/error.hpp"
#include "config/node.hpp"

/// Settings from outside of files, as trees that are laid over what the files say.
namespace weir::config {

/// `a.b=c`: the value is read as YAML, but a value of kafka.properties as it is; nothing after `=` is the
/// empty text. `sites.my.shop.timezone` names the site `my.shop`.
node parse_set(const std::string& argument, problems& out);

/// Environment variables. WEIR_COMMIT_INTERVAL is commit.interval; WEIR_SITES_SHOP_TIMEZONE,
/// WEIR_SOURCES_WEB_TOPIC and WEIR_KAFKA_PROPERTIES_SASL_PASSWORD (sasl.password) name entries, in lower
/// case, or as `below`, what the files say, spells them. Values are read as with --set; an empty variable is
/// none. One that begins like a setting, but is none, is an error; others are not weir's business.
node parse_variables(const std::vector<std::pair<std::string, std::string>>& variables, const node& below,
                     problems& out);

}  // namespace weir::config
