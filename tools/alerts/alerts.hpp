#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace weir {

struct alerts_options {
  bool all = false;                // list: what is over, too
  bool json = false;               // one record a line
  std::vector<std::string> files;  // test: gold records
  bool webhook = false;            // test: posts a message
};

/// The commands `weir alerts ...`. Each returns its exit status.
int alerts_rules(const settings& configuration, const alerts_options& options);
int alerts_list(const settings& configuration, const alerts_options& options);
int alerts_test(const settings& configuration, const alerts_options& options);

}  // namespace weir
