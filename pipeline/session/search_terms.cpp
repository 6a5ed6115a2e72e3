#include "pipeline/session/search_terms.hpp"

#include <re2/re2.h>

#include <memory>
#include <stdexcept>

#include "pipeline/session/ascii.hpp"
#include "pipeline/session/form_decode.hpp"

namespace weir {

struct search_terms::param {
  std::string name;
  std::unique_ptr<RE2> pattern;  // null: a parameter's name
};

namespace {

bool is_pattern(std::string_view param) {
  return param.size() > 2 && param.starts_with('/') && param.ends_with('/');
}

std::unique_ptr<RE2> compile(std::string_view param) {
  const auto body = param.substr(1, param.size() - 2);
  auto pattern = std::make_unique<RE2>(re2::StringPiece(body.data(), body.size()), RE2::Quiet);
  if (!pattern->ok()) throw std::invalid_argument(std::string(param) + ": " + pattern->error());
  if (pattern->NumberOfCapturingGroups() == 0)
    throw std::invalid_argument(std::string(param) + ": has no group");
  return pattern;
}

std::string_view first_group(const RE2& pattern, std::string_view url) {
  re2::StringPiece group;
  if (!RE2::PartialMatch(re2::StringPiece(url.data(), url.size()), pattern, &group)) return {};
  return {group.data(), group.size()};
}

std::string_view first_value(std::string_view query, std::string_view wanted) {
  std::string_view found;
  for_each_parameter(query, [&](auto name, auto value) {
    if (found.data() == nullptr && decodes_to(name, wanted)) found = value.data() == nullptr ? "" : value;
  });
  return found;
}

/// Engines that search in the page have their parameters behind the `#`.
std::string_view parameter(const url_parts& parts, std::string_view name) {
  const auto found = first_value(parts.query, name);
  return found.empty() ? first_value(parts.fragment, name) : found;
}

}  // namespace

search_terms::search_terms(const std::vector<std::string>& params) {
  for (const auto& p : params) params_.push_back({p, is_pattern(p) ? compile(p) : nullptr});
}

search_terms::search_terms(search_terms&&) noexcept = default;
search_terms::~search_terms() = default;

std::string_view search_terms::find(std::string_view url, const url_parts& parts,
                                    scratch_text& scratch) const {
  for (const auto& p : params_) {
    const auto found = p.pattern ? first_group(*p.pattern, url) : parameter(parts, p.name);
    if (found.empty()) continue;
    // Decoded only once it is sure to be taken, so that the room in `scratch` suffices.
    return trimmed(form_decode(found, scratch));
  }
  return {};
}

}  // namespace weir
