#pragma once

#include <span>
#include <string_view>

namespace weir {

/// A file that tools/cmake/embed.cmake built into the binary.
struct embedded_file {
  std::string_view name;  // without its folder
  std::string_view text;
};

/// The files of config/data/referrers.
std::span<const embedded_file> embedded_referrers();
/// The files of config/data/user_agents and config/data/crawlers.
std::span<const embedded_file> embedded_user_agents();
std::span<const embedded_file> embedded_crawlers();
/// docs/metrics.md: what each metric means.
std::span<const embedded_file> embedded_metrics();
/// The file of config/demo.
std::span<const embedded_file> embedded_demo();

}  // namespace weir
