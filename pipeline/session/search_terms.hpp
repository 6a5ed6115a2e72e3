#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/session/scratch_text.hpp"
#include "pipeline/session/url_parts.hpp"

namespace weir {

/// Finds the search term in the URLs of one search engine.
class search_terms {
 public:
  /// `params`: names of query parameters, the first that has a value counts; `/.../` is a regular expression
  /// over the whole URL whose first group is the term. Throws std::invalid_argument for one that is none, or
  /// has no group.
  explicit search_terms(const std::vector<std::string>& params);
  search_terms(search_terms&&) noexcept;
  ~search_terms();

  /// The term, decoded and trimmed, or empty. It points into `url` or into `scratch`. `parts` are those of
  /// `url`.
  std::string_view find(std::string_view url, const url_parts& parts, scratch_text& scratch) const;

 private:
  struct param;
  std::vector<param> params_;
};

}  // namespace weir
