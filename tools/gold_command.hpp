#pragma once

#include <iostream>
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace weir {

/// What `weir gold merge` takes. Empty texts: no restriction.
struct gold_merge_options {
  std::vector<std::string> files;  // of gold records, one JSON value a line; `-` is standard input
  std::string from, to;            // times: only windows that lie within [from, to)
  std::string granularity;         // only these; empty: each window once, see gold_cover.hpp
  std::string family, site;
  std::vector<std::string> keys;  // NAME=VALUE: only records whose key has all of these
  bool final_only = false;
};

/// `weir gold merge`: unites the records of each site, family and key into one, as gold_merge.hpp says, and
/// prints them, one a line, in the order family, site, key. Holds the records that count in memory. Returns
/// 0; 1 when input is no gold, cannot be united, or output failed; 2 for options that cannot be. Says why on
/// `errors`.
int gold_merge_command(const settings& configuration, const gold_merge_options& options,
                       std::ostream& standard = std::cout, std::ostream& errors = std::cerr);

}  // namespace weir
