#pragma once

#include <string_view>

namespace weir {

/// True for an absolute http or https URL with a host. events.md, "Web".
bool is_page_url(std::string_view url);

/// True when something in U+0000..U+0020 stands in the text, which no URL may hold.
bool has_space_or_control(std::string_view text);

/// The path of such a URL as written: `/` when it is empty, without query and fragment.
std::string_view path_of_url(std::string_view url);

/// The path of a URL's part that begins with the path: what stands before query and fragment, `/` when that
/// is empty.
std::string_view path_of_target(std::string_view target);

}  // namespace weir
