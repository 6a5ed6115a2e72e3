#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/error.hpp"
#include "config/node.hpp"
#include "config/types.hpp"

namespace weir::config {

/// One setting of a structure: its name, what it may be, what it means, and how it is read and written.
template <class Owner>
struct field {
  std::string name;  // in `settings` with its section: "commit.interval"
  std::string type;  // what is expected
  std::string meaning;
  std::function<void(const node& from, const std::string& path, Owner& to, problems& out)> read;
  std::function<node(const Owner&)> write;
};

/// Says what is wrong with a value, with the nearest right word for one of a choice.
void report_wrong_type(const node& from, const std::string& path, const std::string& expected,
                       const std::vector<std::string>& words, problems& out);

/// Says that a key does not exist, with the nearest of the `siblings` or of all of weir's keys.
void report_unknown(const node& from, const std::string& path, const std::vector<std::string>& siblings,
                    problems& out);

template <class Type>
std::vector<std::string> words_of(const Type& type) {
  if constexpr (requires { type.names(); })
    return type.names().words;
  else if constexpr (requires { type.words; })
    return type.words;
  else
    return {};
}

template <class Type>
std::string expected(const Type& type) {
  if constexpr (requires { type.hint(); })
    return type.name() + type.hint();
  else
    return type.name();
}

template <class Type>
void read_value(const Type& type, const node& from, const std::string& path, typename Type::value& to,
                problems& out) {
  if constexpr (requires { type.read(from, path, to, out); })
    type.read(from, path, to, out);
  else if (!type.read(from, to))
    report_wrong_type(from, path, expected(type), words_of(type), out);
}

/// Makes a field of type `Type`; `of` takes an owner and gives a reference to the member.
template <class Owner, class Type, class Access>
field<Owner> make_field(std::string name, Type type, std::string meaning, Access of) {
  return {std::move(name), type.name(), std::move(meaning),
          [=](const node& from, const std::string& path, Owner& to, problems& out) {
            read_value(type, from, path, of(to), out);
          },
          [=](const Owner& from) { return type.write(of(from)); }};
}

/// A map with fixed keys.
template <class Owner>
struct record_type {
  using value = Owner;
  const std::vector<field<Owner>>* fields;  // lives as long as the program
  std::vector<std::string> required = {};

  std::string name() const { return "a map"; }

  void read(const node& from, const std::string& path, Owner& to, problems& out) const {
    if (!from.is(node::kind::map) && !from.is(node::kind::nothing))
      return report_wrong_type(from, path, name(), {}, out);
    for (const auto& child : from.children) read_child(child, path, to, out);
    for (const auto& key : required)
      if (!from.find(key)) out.add(from.origin, path, "expected a map with " + key + ", which is not there");
  }

  node write(const Owner& from) const {
    auto out = node::map();
    for (const auto& f : *fields) {
      auto child = f.write(from);
      if (!child.is(node::kind::nothing)) out.add(f.name, std::move(child));
    }
    return out;
  }

 private:
  void read_child(const node& child, const std::string& path, Owner& to, problems& out) const {
    std::vector<std::string> siblings;
    for (const auto& f : *fields) {
      if (f.name == child.key) return f.read(child, path + '.' + f.name, to, out);
      siblings.push_back(path + '.' + f.name);
    }
    report_unknown(child, path + '.' + child.key, siblings, out);
  }
};

/// A list of maps with fixed keys. It replaces the list that was there.
template <class Item>
struct list_type {
  using value = std::vector<Item>;
  record_type<Item> each;

  std::string name() const { return "a list of maps"; }

  void read(const node& from, const std::string& path, value& to, problems& out) const {
    if (!from.is(node::kind::list) && !from.is(node::kind::nothing))
      return report_wrong_type(from, path, name(), {}, out);
    to.assign(from.children.size(), {});
    for (std::size_t i = 0; i < to.size(); ++i)
      each.read(from.children[i], path + '[' + std::to_string(i) + ']', to[i], out);
  }

  node write(const value& from) const {
    auto out = node::list();
    for (const auto& item : from) out.children.push_back(each.write(item));
    return out;
  }
};

/// A map whose keys are names. What is given replaces the default's entries; each entry begins as a new Item
/// does.
template <class Item, class Compare, class Each>
struct names_type {
  using value = std::map<std::string, Item, Compare>;
  Each each;
  bool (*valid)(std::string_view);
  std::string key = "a name";

  std::string name() const { return "a map, each key " + key; }

  void read(const node& from, const std::string& path, value& to, problems& out) const {
    if (!from.is(node::kind::map) && !from.is(node::kind::nothing))
      return report_wrong_type(from, path, name(), {}, out);
    to.clear();
    for (const auto& child : from.children) {
      const auto at = path + '.' + child.key;
      if (!valid(child.key)) out.add(child.origin, at, "expected " + key + ", got \"" + child.key + '"');
      read_value(each, child, at, to[child.key], out);
    }
  }

  node write(const value& from) const {
    auto out = node::map();
    for (const auto& [key, item] : from) out.add(key, each.write(item));
    return out;
  }
};

}  // namespace weir::config
