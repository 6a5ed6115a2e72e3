#include "config/node.hpp"

#include <algorithm>
#include <utility>

namespace weir::config {
namespace {

/// True when the path begins with this part; `rest` is what follows it.
bool strip_part(std::string_view path, std::string_view part, std::string_view& rest) {
  if (!path.starts_with(part)) return false;
  rest = path.substr(part.size());
  if (rest.starts_with('.')) return rest.remove_prefix(1), true;
  return rest.empty() || rest.starts_with('[');
}

const node* step(const node& parent, std::size_t index, std::string_view path, std::string_view& rest) {
  const node& child = parent.children[index];
  const auto part = parent.is(node::kind::list) ? "[" + std::to_string(index) + "]" : child.key;
  return strip_part(path, part, rest) ? &child : nullptr;
}

}  // namespace

node node::of(kind k) {
  node made;
  made.type = k;
  return made;
}

node node::scalar(std::string text, bool quoted) {
  node made = of(kind::scalar);
  made.text = std::move(text);
  made.quoted = quoted;
  return made;
}

const node* node::find(std::string_view name) const {
  const auto found = std::ranges::find(children, name, &node::key);
  return found == children.end() ? nullptr : &*found;
}

node& node::at(std::string_view name) {
  type = kind::map;
  const auto found = std::ranges::find(children, name, &node::key);
  return found == children.end() ? add(std::string(name), {}) : *found;
}

node& node::add(std::string name, node child) {
  child.key = std::move(name);
  return children.emplace_back(std::move(child));
}

void merge(node& under, node over) {
  if (under.is(node::kind::map) && over.is(node::kind::nothing)) return;
  if (!under.is(node::kind::map) || !over.is(node::kind::map)) {
    under = std::move(over);
    return;
  }
  for (auto& child : over.children) {
    const auto name = child.key;
    if (under.find(name))
      merge(under.at(name), std::move(child));
    else
      under.add(name, std::move(child));
  }
}

std::string origin_of(const node& root, std::string_view path) {
  std::string best = root.origin;
  for (std::size_t i = 0; i < root.children.size(); ++i) {
    std::string_view rest;
    const auto* child = step(root, i, path, rest);
    if (child) best = rest.empty() ? child->origin : origin_of(*child, rest);
  }
  return best;
}

std::string describe(const node& value) {
  switch (value.type) {
    case node::kind::scalar:
      return '"' + value.text + '"';
    case node::kind::list:
      return "a list";
    case node::kind::map:
      return "a map";
    case node::kind::nothing:
      break;
  }
  return "nothing";
}

}  // namespace weir::config
