#include <algorithm>

#include <fmt/format.h>

#include "config/field.hpp"
#include "config/nearest.hpp"
#include "config/schema.hpp"

namespace weir::config {
namespace {

std::string_view leaf(std::string_view path) { return path.substr(path.rfind('.') + 1); }

/// A misspelt neighbour, one that holds the word, a name of another section, or what looks most like it.
std::string best_guess(const std::string& path, const std::vector<std::string>& siblings) {
  const auto near = nearest(path, siblings);
  if (!near.empty() && is_near(leaf(path), leaf(near))) return near;
  const auto holds = [&](const auto& name) { return leaf(name).find(leaf(path)) != std::string_view::npos; };
  const auto part = std::ranges::find_if(siblings, holds);
  if (part != siblings.end()) return *part;
  std::vector<std::string> all = siblings;
  for (const auto& f : schema()) all.push_back(f.name);
  const auto moved = std::ranges::find_if(all, [&](const auto& name) { return leaf(name) == leaf(path); });
  return moved == all.end() ? nearest(path, all) : *moved;
}

}  // namespace

void report_wrong_type(const node& from, const std::string& path, const std::string& expected,
                       const std::vector<std::string>& words, problems& out) {
  auto message = fmt::format("expected {}, got {}", expected, describe(from));
  if (from.is(node::kind::scalar) && !words.empty())
    message += fmt::format("; did you mean {}?", nearest(from.text, words));
  out.add(from.origin, path, message);
}

void report_unknown(const node& from, const std::string& path, const std::vector<std::string>& siblings,
                    problems& out) {
  out.add(from.origin, path,
          fmt::format("there is no such setting; did you mean {}?", best_guess(path, siblings)));
}

}  // namespace weir::config
