#pragma once

#include <string_view>

#include "pipeline/session/scratch_text.hpp"

namespace weir {

/// Decodes `application/x-www-form-urlencoded` text: `+` is a space, `%xx` a byte, a `%` that no two hex
/// digits follow is itself. What then is not UTF-8 becomes U+FFFD. The result is the text itself when there
/// is nothing to decode, else in `scratch`.
std::string_view form_decode(std::string_view text, scratch_text& scratch);

/// Whether the encoded text decodes to `plain`, without room for it.
bool decodes_to(std::string_view encoded, std::string_view plain);

/// Calls `f(name, value)`, both still encoded, for each parameter of a query, in order.
template <class F>
void for_each_parameter(std::string_view query, F f) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    const auto equals = pair.find('=');
    f(pair.substr(0, equals), equals == pair.npos ? std::string_view() : pair.substr(equals + 1));
    query.remove_prefix(end == query.npos ? query.size() : end + 1);
  }
}

}  // namespace weir
