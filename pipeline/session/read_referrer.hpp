#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/session/scratch_text.hpp"
#include "pipeline/session/url_parts.hpp"

namespace weir {

/// What a page view's referrer is, before anybody looks into the lists.
struct referrer_read {
  enum class kind { none, own, dark, foreign };
  kind what = kind::none;
  url_parts parts;        // of a foreign one
  std::string_view host;  // of a foreign one, in lower case: into the referrer or into `scratch`
};

/// Own is a referrer whose host is the page's, or one of the site's domains; dark is one that names no host.
referrer_read read_referrer(std::string_view referrer, std::string_view page_url,
                            const std::vector<std::string>& own_domains, scratch_text& scratch);

}  // namespace weir
