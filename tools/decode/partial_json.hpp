#pragma once

#include <string>
#include <string_view>

namespace weir {

/// A record of weir.partials as JSON, for people: the deltas of one (site, family, shard). Throws
/// decode_error.
std::string partial_json(std::string_view value);

}  // namespace weir
