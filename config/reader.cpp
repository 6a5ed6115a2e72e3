#include "config/reader.hpp"

#include <algorithm>
#include <set>

#include "config/schema.hpp"

namespace weir::config {
namespace {

std::string join(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + '.' + key;
}

const field<settings>* find_field(const std::string& path) {
  const auto found = std::ranges::find(schema(), path, &field<settings>::name);
  return found == schema().end() ? nullptr : &*found;
}

bool is_section(const std::string& path) {
  return std::ranges::any_of(schema(), [&](const auto& f) { return f.name.starts_with(path + '.'); });
}

/// The names that may stand where `path` stands.
std::vector<std::string> siblings(const std::string& parent) {
  std::set<std::string> out;
  const auto begin = parent.empty() ? 0 : parent.size() + 1;
  for (const auto& f : schema())
    if (parent.empty() || f.name.starts_with(parent + '.'))
      out.insert(f.name.substr(0, f.name.find('.', begin)));
  return {out.begin(), out.end()};
}

void read_map(const node& from, const std::string& path, settings& to, problems& out) {
  if (from.is(node::kind::nothing)) return;
  if (!from.is(node::kind::map)) return report_wrong_type(from, path, "a map", {}, out);
  for (const auto& child : from.children) {
    const auto at = join(path, child.key);
    if (const auto* f = find_field(at))
      f->read(child, at, to, out);
    else if (is_section(at))
      read_map(child, at, to, out);
    else
      report_unknown(child, at, siblings(path), out);
  }
}

}  // namespace

void read_settings(const node& given, settings& to, problems& out) { read_map(given, "", to, out); }

}  // namespace weir::config
