#pragma once

#include <string>
#include <string_view>

#include "config/error.hpp"
#include "config/node.hpp"
#include "config/settings.hpp"

namespace weir::config {

/// What single values must be: used by the schema.
bool is_not_empty(std::string_view text);
bool is_site_id(std::string_view text);       // events.md: 1..100 of [A-Za-z0-9._-]
bool is_source_name(std::string_view text);   // as a site id
bool is_topic(std::string_view text);         // Kafka's rule: 1..249 of [A-Za-z0-9._-], not . or ..
bool is_topic_prefix(std::string_view text);  // the same letters, up to 100, may be empty
bool is_host(std::string_view text);          // a host name, no scheme, port or path
bool is_address(std::string_view text);       // host:port
bool is_currency(std::string_view text);      // three capitals
bool is_site_url(std::string_view text);      // empty, or http(s)://host
bool is_url(std::string_view text);           // http(s)://host, and what may follow

/// What contradicts itself over several settings. `given` says where each was given.
void check_consistency(const settings& s, const node& given, problems& out);

/// What can be configured, but this version of weir does not do.
void check_availability(const settings& s, const node& given, problems& out);

}  // namespace weir::config
