#include "tools/explain/metric_definition.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

using texts = std::vector<std::string>;

texts split(std::string_view text, char at) {
  texts parts;
  while (true) {
    const auto end = text.find(at);
    auto part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    parts.emplace_back(part);
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// What stands between backquotes.
texts quoted(std::string_view text) {
  texts all;
  const auto parts = split(text, '`');
  for (std::size_t i = 1; i < parts.size(); i += 2) all.push_back(parts[i]);
  return all;
}

/// `x_p50`, `_p90`, `_p99` are short for `x_p50`, `x_p90`, `x_p99`; `w1` ... `w12` stands for all between.
texts names_of(std::string_view cell) {
  texts all;
  bool range = false;
  for (const auto& part : split(cell, '`')) {
    if (part == "...") range = true;
    if (part.empty() || part.find_first_of(" ,.|/") != part.npos) continue;
    if (part.starts_with('_') && !all.empty()) {
      const auto& first = all.front();
      all.push_back(first.substr(0, first.rfind('_')) + part);
      continue;
    }
    if (range && part.starts_with("w12"))
      for (int week = 2; week < 12; ++week) all.push_back("w" + std::to_string(week) + part.substr(3));
    all.push_back(part);
  }
  return all;
}

/// `dead_letters_<reason>` is a name for each reason.
bool stands_for(std::string_view name, std::string_view metric) {
  const auto hole = name.find('<');
  return hole == name.npos ? name == metric : metric.starts_with(name.substr(0, hole));
}

struct window_words {
  char letter;
  std::string_view words;
};
constexpr std::array<window_words, 5> windows{{
    {'E', "the event's time, when the event is accepted"},
    {'S', "the session's start, when the session closes"},
    {'O', "the session's start, when the session opens"},
    {'U', "of users: when their sessions close"},
    {'A', "the record's arrival"},
}};

std::string window_in_words(std::string_view letters) {
  std::string all;
  for (const auto& [letter, words] : windows)
    if (letters.find(letter) != letters.npos) all.append(all.empty() ? "" : "; ").append(words);
  return all.empty() ? "as what it is made of" : all;
}

void add(texts& all, const std::string& name, std::string_view but) {
  if (!stands_for(name, but) && std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
}

std::string without_quotes(std::string text) {
  std::erase(text, '`');
  return text;
}

}  // namespace

std::optional<metric_definition> find_definition(std::string_view page, std::string_view family,
                                                 std::string_view metric) {
  bool here = false;
  for (const auto& line : split(page, '\n')) {
    if (line.starts_with("## ")) here = line == "## " + std::string(family);
    if (!here || !line.starts_with("| `")) continue;
    const auto cells = split(line, '|');  // the first and the last are empty
    if (cells.size() < 4) continue;
    const auto names = names_of(cells[1]);
    if (std::none_of(names.begin(), names.end(), [&](const auto& n) { return stands_for(n, metric); }))
      continue;
    metric_definition found{without_quotes(cells[1]),
                            without_quotes(cells[2]),
                            window_in_words(cells.size() > 4 ? cells[3] : ""),
                            {}};
    for (const auto& name : names) add(found.made_of, name, metric);
    for (const auto& name : quoted(cells[2])) add(found.made_of, name, metric);
    return found;
  }
  return std::nullopt;
}

}  // namespace weir
