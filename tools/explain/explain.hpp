#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"

namespace weir {

struct explain_options {
  std::string site, family, metric;
  std::string window;  // a time within it; empty: the newest
  std::string granularity = "5m";
  std::vector<std::string> keys;   // NAME=VALUE or VALUE, of the key's parts in order
  std::vector<std::string> files;  // gold records; empty: the topic on Kafka
  bool json = false;
};

/// `weir explain`: how a number of gold came about. Returns the exit status.
int explain(const settings& configuration, const explain_options& options);

}  // namespace weir
