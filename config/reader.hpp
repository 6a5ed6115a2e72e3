#pragma once

#include "config/error.hpp"
#include "config/node.hpp"
#include "config/settings.hpp"

namespace weir::config {

/// Reads a tree over the defaults. What is wrong goes to `out`, with its place; the rest is read all the
/// same.
void read_settings(const node& given, settings& to, problems& out);

}  // namespace weir::config
