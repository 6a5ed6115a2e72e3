#include "config/overrides.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "config/nearest.hpp"
#include "config/schema.hpp"
#include "config/yaml.hpp"

namespace weir::config {
namespace {

using parts = std::vector<std::string>;

parts split(std::string_view path) {
  parts out;
  for (std::size_t dot = 0; (dot = path.find('.')) != path.npos; path.remove_prefix(dot + 1))
    out.emplace_back(path.substr(0, dot));
  out.emplace_back(path);
  return out;
}

/// A path below an open map: a name, which may hold dots, and perhaps a key of its entry.
parts split_entry(const std::string& map, const std::string& rest) {
  auto out = split(map);
  const auto dot = rest.rfind('.');
  const auto keys = entry_keys(map);
  const bool has_key = dot != rest.npos && std::ranges::find(keys, rest.substr(dot + 1)) != keys.end();
  // The last part of sites.shop.timezon is a misspelt key rather than a part of a name.
  const bool like_key =
      dot != rest.npos && !keys.empty() && is_near(rest.substr(dot + 1), nearest(rest.substr(dot + 1), keys));
  out.push_back(has_key || like_key ? rest.substr(0, dot) : rest);
  if (has_key || like_key) out.push_back(rest.substr(dot + 1));
  return out;
}

parts split_path(const std::string& path) {
  for (const auto& f : schema())
    if (is_open_map(f.name) && path.starts_with(f.name + '.'))
      return split_entry(f.name, path.substr(f.name.size() + 1));
  return split(path);
}

void set_origin(node& at, const std::string& origin) {
  at.origin = origin;
  for (auto& child : at.children) set_origin(child, origin);
}

node parse_value(const std::string& path, const std::string& text, const std::string& origin) {
  const bool as_it_is = text.empty() || path.starts_with("kafka.properties.");
  auto value = as_it_is ? node::scalar(text, true) : parse_yaml(text, origin, false);
  set_origin(value, origin);
  return value;
}

/// A tree with one value.
node make_tree(const parts& path, node value) {
  const auto origin = value.origin;
  for (auto part = path.rbegin(); part != path.rend(); ++part) {
    auto parent = node::map();
    parent.origin = origin;
    parent.add(*part, std::move(value));
    value = std::move(parent);
  }
  return value;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c == '.' || c == '-') c = '_';
  }
  return out;
}

std::string lower(std::string_view text, char for_underscore) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (c == '_') c = for_underscore;
  }
  return out;
}

std::string variable_of(std::string_view path) { return "WEIR_" + upper(path); }

/// The entry that the files spell like the variable, else the variable's own name in lower case.
std::string entry_name(const node& below, const std::string& map, std::string_view name) {
  const node* at = &below;
  for (const auto& part : split(map))
    if (at) at = at->find(part);
  for (const auto& child : at ? at->children : std::vector<node>())
    if (upper(child.key) == name) return child.key;
  return lower(name, map == "kafka.properties" ? '.' : '_');
}

std::optional<parts> path_in_map(const std::string& map, std::string_view rest, const node& below) {
  auto out = split(map);
  for (const auto& key : entry_keys(map)) {
    const auto ending = '_' + upper(key);
    if (!rest.ends_with(ending) || rest.size() == ending.size()) continue;
    out.push_back(entry_name(below, map, rest.substr(0, rest.size() - ending.size())));
    out.push_back(key);
    return out;
  }
  if (!entry_keys(map).empty()) return {};
  out.push_back(entry_name(below, map, rest));
  return out;
}

/// The setting that a variable names.
std::optional<parts> path_of(const std::string& variable, const node& below) {
  for (const auto& f : schema()) {
    const auto name = variable_of(f.name);
    if (variable == name) return split(f.name);
    if (is_open_map(f.name) && variable.starts_with(name + '_') && variable.size() > name.size() + 1)
      return path_in_map(f.name, std::string_view(variable).substr(name.size() + 1), below);
  }
  return {};
}

std::vector<std::string> all_variables() {
  std::vector<std::string> out;
  for (const auto& f : schema()) out.push_back(variable_of(f.name));
  return out;
}

bool looks_like_setting(const std::string& variable, const std::string& near) {
  const auto begins = [&](const section& s) { return variable.starts_with(variable_of(s.name) + '_'); };
  return edit_distance(variable, near) <= 2 || std::ranges::any_of(sections(), begins);
}

void report_unknown_variable(const std::string& name, problems& out) {
  const auto near = nearest(name, all_variables());
  if (looks_like_setting(name, near))
    out.add(name, "", "there is no such setting; did you mean " + near + "?");
}

std::string joined(const parts& path) { return fmt::format("{}", fmt::join(path, ".")); }

}  // namespace

node parse_set(const std::string& argument, problems& out) {
  const auto equals = argument.find('=');
  if (equals == argument.npos || equals == 0) {
    out.add("--set " + argument, "", "expected a setting and its value, like commit.interval=500ms");
    return {};
  }
  const auto path = argument.substr(0, equals);
  try {
    return make_tree(split_path(path), parse_value(path, argument.substr(equals + 1), "--set " + path));
  } catch (const config_error& e) {
    out.add("", "", e.what());
    return {};
  }
}

node parse_variables(const std::vector<std::pair<std::string, std::string>>& variables, const node& below,
                     problems& out) {
  auto all = node::map();
  for (const auto& [name, value] : variables) {
    if (!name.starts_with("WEIR_") || name == "WEIR_CONFIG" || name == "WEIR_ENV" || value.empty()) continue;
    try {
      if (const auto path = path_of(name, below))
        merge(all, make_tree(*path, parse_value(joined(*path), value, name)));
      else
        report_unknown_variable(name, out);
    } catch (const config_error& e) {
      out.add("", "", e.what());
    }
  }
  return all;
}

}  // namespace weir::config
