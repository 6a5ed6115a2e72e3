#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.hpp"
#include "config/units.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/kpi/contribution.hpp"

/// The types of single settings. Each has a `name` for people, perhaps a `hint` that messages add to it,
/// `read` (false, and nothing changed, when the node is none of it) and `write`, its inverse.
namespace weir::config {

struct bool_type {
  using value = bool;
  std::string name() const { return "true or false"; }
  bool read(const node& from, bool& to) const;
  node write(bool x) const { return node::scalar(x ? "true" : "false"); }
};

/// A whole number.
template <class Integer>
struct count_type {
  using value = Integer;
  std::uint64_t least = 0;
  std::uint64_t most = 1'000'000'000'000;
  bool automatic = false;  // `auto` is 0

  std::string name() const;
  bool read(const node& from, Integer& to) const;
  node write(Integer x) const;
};
extern template struct count_type<unsigned>;
extern template struct count_type<std::uint64_t>;

/// A decimal number.
struct number_type {
  using value = double;
  std::optional<double> least = {};
  std::string name() const;
  bool read(const node& from, double& to) const;
  node write(double x) const;
};

/// A number that need not be given.
struct optional_number_type {
  using value = std::optional<double>;
  std::string name() const { return "a number"; }
  bool read(const node& from, value& to) const;
  node write(value x) const;
};

struct duration_type {
  using value = millis;
  millis least = 0;
  bool off = false;  // `off` is `unlimited`
  std::string name() const;
  std::string hint() const { return ", like 500ms, 30s, 5m, 24h or 7d"; }
  bool read(const node& from, millis& to) const;
  node write(millis x) const { return node::scalar(format_duration(x)); }
};

struct size_type {
  using value = std::uint64_t;
  std::uint64_t least = 1;
  bool off = false;  // `off` is `unlimited`
  std::string name() const;
  std::string hint() const { return ", like 64MiB"; }
  bool read(const node& from, std::uint64_t& to) const;
  node write(std::uint64_t x) const;
};

/// A text that a rule may restrict.
struct text_type {
  using value = std::string;
  std::string what = "a text";  // what is expected, for people
  bool (*valid)(std::string_view) = nullptr;
  bool off = false;  // `off` is the empty text
  std::string name() const { return off ? what + " or off" : what; }
  bool read(const node& from, std::string& to) const;
  node write(const std::string& x) const;
};

/// One of some words.
struct choice_type {
  using value = std::string;
  std::vector<std::string> words;
  std::string name() const;
  bool read(const node& from, std::string& to) const;
  node write(const std::string& x) const { return node::scalar(x); }
};

/// One of some words, each a value of an enumeration.
template <class Enum>
struct enum_type {
  using value = Enum;
  std::vector<std::pair<std::string, Enum>> words;

  choice_type names() const {
    choice_type out;
    for (const auto& [word, x] : words) out.words.push_back(word);
    return out;
  }
  std::string name() const { return names().name(); }
  bool read(const node& from, Enum& to) const {
    for (const auto& [word, x] : words)
      if (from.is(node::kind::scalar) && from.text == word) return to = x, true;
    return false;
  }
  node write(Enum e) const {
    for (const auto& [word, x] : words)
      if (x == e) return node::scalar(word);
    return {};
  }
};

/// An event's type as in events.md, aliases too; empty: any.
struct event_type_type {
  using value = std::optional<event_type>;
  static choice_type names();
  std::string name() const { return names().name() + ", or empty"; }
  bool read(const node& from, value& to) const;
  node write(value x) const;
};

/// `start`, or a time.
struct time_type {
  using value = std::optional<std::int64_t>;
  std::string name() const { return "start, or a time like 2024-02-18T10:30:00Z"; }
  bool read(const node& from, value& to) const;
  node write(value x) const;
};

/// A list of families of metrics, at least one.
struct families_type {
  using value = family_set;
  static choice_type names();
  std::string name() const { return "a list of " + names().name(); }
  bool read(const node& from, value& to) const;
  node write(const value& x) const;
};

/// A list of texts.
struct texts_type {
  using value = std::vector<std::string>;
  text_type each;
  std::string name() const { return "a list, each " + each.name(); }
  bool read(const node& from, value& to) const;
  node write(const value& x) const;
};

}  // namespace weir::config
