#include <fmt/format.h>

#include "config/checks.hpp"

namespace weir::config {
namespace {

/// What weir will do one day. A line goes when its feature comes.
struct unavailable {
  std::string_view path, what;
  bool (*asked)(const settings&);
};

constexpr unavailable table[] = {
    {"session.split_on_campaign", "splitting", [](const settings& s) { return s.session.split_on_campaign; }},
};

void report(const node& given, std::string_view path, std::string_view what, problems& out) {
  out.add(origin_of(given, path), path, fmt::format("{} is not available in this version", what));
}

void check_sources(const settings& s, const node& given, problems& out) {
  for (const auto& [name, source] : s.sources) {
    const auto path = "sources." + name;
    if (source.format != "web") report(given, path + ".format", "the format " + source.format, out);
  }
}

}  // namespace

void check_availability(const settings& s, const node& given, problems& out) {
  for (const auto& line : table)
    if (line.asked(s)) report(given, line.path, line.what, out);
  check_sources(s, given, out);
}

}  // namespace weir::config
