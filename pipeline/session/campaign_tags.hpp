#pragma once

#include <string_view>

#include "pipeline/session/scratch_text.hpp"

namespace weir {

/// What a URL says of the campaign that brought the visitor: decoded, empty when absent.
struct campaign_tags {
  std::string_view source;    // utm_source
  std::string_view medium;    // utm_medium, as written
  std::string_view campaign;  // utm_campaign
  std::string_view term;      // utm_term
  std::string_view clicked;   // who sells the paid click that the URL carries an id of: `google`, `bing`
};

/// Of a URL's query. Of a name that comes twice the first counts.
campaign_tags read_campaign_tags(std::string_view query, scratch_text& scratch);

}  // namespace weir
