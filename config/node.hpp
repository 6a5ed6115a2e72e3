#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::config {

/// One value of a configuration as it was written, with the place where it stands. A plain tree, so that
/// merging, checking and printing need no YAML library.
struct node {
  enum class kind { nothing, scalar, list, map };

  kind type = kind::nothing;
  std::string key;      // in a map; empty in a list
  std::string text;     // of a scalar
  bool quoted = false;  // a scalar that was written in quotes: a text, whatever it looks like
  std::string origin;   // "config/weir.yaml:12", "--set a.b", "WEIR_A_B"; empty for defaults
  std::vector<node> children;

  static node scalar(std::string text, bool quoted = false);
  static node map() { return of(kind::map); }
  static node list() { return of(kind::list); }

  bool is(kind k) const { return type == k; }
  /// A plain scalar of this text.
  bool is_plain(std::string_view word) const { return is(kind::scalar) && !quoted && text == word; }

  const node* find(std::string_view name) const;
  /// The child of this name, made if there is none; this becomes a map.
  node& at(std::string_view name);
  /// Appends to a map under a name.
  node& add(std::string name, node child);

 private:
  static node of(kind k);
};

/// Lays one configuration over another: maps key by key, all else is replaced. `key:` without a value changes
/// nothing in a map.
void merge(node& under, node over);

/// Where the value of a path like `goals[1].event.type` was given: the deepest node on the way that is there.
/// Names with dots are found, too. Empty when even the first part is a default.
std::string origin_of(const node& root, std::string_view path);

/// What a value is, for messages: `"soon"`, a map, a list, nothing.
std::string describe(const node& value);

}  // namespace weir::config
