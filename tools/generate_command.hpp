#pragma once

#include <iostream>
#include <string>

#include "tools/generate/traffic_generator.hpp"

namespace weir {

/// What `weir generate` takes. `traffic.events` must be given.
struct generate_options {
  traffic_options traffic;
  std::string start;  // a time as events have it; empty: traffic.start
  std::string out =
      "-";  // `-`: standard output; a name with an extension: a file; else a folder, one file a partition
};

/// Takes the start over into `traffic`. Returns what is wrong with the options; empty: nothing is.
std::string settle(generate_options& options);

/// `weir generate`: writes generated traffic, one JSON record a line, in the order of arrival. The files of a
/// folder are partition-000.ndjson and so on. Returns 0, 1 when output failed, 2 for options that cannot be;
/// says why on `errors`.
int generate(generate_options options, std::ostream& standard = std::cout, std::ostream& errors = std::cerr);

}  // namespace weir
