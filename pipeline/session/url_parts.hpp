#pragma once

#include <optional>
#include <string_view>

namespace weir {

/// The parts of a URL that attribution reads: views into the URL, as written there.
struct url_parts {
  std::string_view host;      // without user, port and `www.`, in any case
  std::string_view path;      // from its `/` on, or empty
  std::string_view query;     // without its `?`
  std::string_view fragment;  // without its `#`
};

/// Parts of an `http` or `https` URL, or of `android-app://<package>`, whose package is the host; none if it
/// is no such URL or has no host.
std::optional<url_parts> split_referrer(std::string_view referrer);

/// The host alone of an `http` or `https` URL; empty if it is no such URL or has no host.
std::string_view http_host(std::string_view url);

/// The query of a URL, also of one without scheme and host.
std::string_view query_of(std::string_view url);

/// A host without its `www.`.
std::string_view without_www(std::string_view host);

}  // namespace weir
