#include "pipeline/session/read_referrer.hpp"

#include <algorithm>

#include "pipeline/session/ascii.hpp"

namespace weir {

namespace {

std::string_view lower_host(std::string_view host, scratch_text& scratch) {
  if (std::none_of(host.begin(), host.end(), is_ascii_upper)) return host;
  auto& out = scratch.open();
  const auto from = out.size();
  for (const auto c : host) out += ascii_lower(c);
  return scratch.since(from);
}

bool is_own(std::string_view host, std::string_view page_url, const std::vector<std::string>& own_domains) {
  if (equal_ignoring_case(host, http_host(page_url))) return true;
  return std::any_of(own_domains.begin(), own_domains.end(),
                     [&](const auto& domain) { return equal_ignoring_case(host, without_www(domain)); });
}

}  // namespace

referrer_read read_referrer(std::string_view referrer, std::string_view page_url,
                            const std::vector<std::string>& own_domains, scratch_text& scratch) {
  using kind = referrer_read::kind;
  if (referrer.empty()) return {};
  const auto parts = split_referrer(referrer);
  if (!parts) return {kind::dark, {}, {}};
  if (is_own(parts->host, page_url, own_domains)) return {kind::own, {}, {}};
  return {kind::foreign, *parts, lower_host(parts->host, scratch)};
}

}  // namespace weir
