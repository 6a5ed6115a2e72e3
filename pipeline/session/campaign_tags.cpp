#include "pipeline/session/campaign_tags.hpp"

#include <array>
#include <cstddef>

#include "pipeline/session/form_decode.hpp"

namespace weir {

namespace {

enum tag : std::size_t { source, medium, campaign, term, gclid, gbraid, wbraid, dclid, msclkid, tags };
constexpr std::array<std::string_view, tags> names{
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "gclid", "gbraid", "wbraid", "dclid", "msclkid"};

/// Values as written; data() is null for a name that did not come yet.
using raw_values = std::array<std::string_view, tags>;

/// Most parameters of most pages are not ours: their first letter tells.
bool may_be_tag(std::string_view name) {
  if (name.empty()) return false;
  const auto c = name.front();
  return c == 'u' || c == 'g' || c == 'w' || c == 'd' || c == 'm' || c == '%';
}

/// Whether it is a tag. A value that is empty is still the first.
bool keep_first(raw_values& values, std::string_view name, std::string_view value) {
  for (std::size_t i = 0; i < tags; ++i) {
    if (!decodes_to(name, names[i])) continue;
    if (values[i].data() == nullptr) values[i] = value.data() == nullptr ? std::string_view("") : value;
    return true;
  }
  return false;
}

std::string_view seller(const raw_values& values) {
  for (const auto id : {gclid, gbraid, wbraid, dclid}) {
    if (!values[id].empty()) return "google";
  }
  return values[msclkid].empty() ? "" : "bing";
}

}  // namespace

campaign_tags read_campaign_tags(std::string_view query, scratch_text& scratch) {
  if (query.empty()) return {};
  raw_values values;
  auto any = false;
  for_each_parameter(
      query, [&](auto name, auto value) { any |= may_be_tag(name) && keep_first(values, name, value); });
  if (!any) return {};
  const auto text = [&](tag t) { return form_decode(values[t], scratch); };
  return {text(source), text(medium), text(campaign), text(term), seller(values)};
}

}  // namespace weir
