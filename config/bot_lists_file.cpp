#include "config/bot_lists_file.hpp"

#include <simdjson.h>

#include <iterator>

#include "config/data_file.hpp"

namespace weir {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Lines without blanks around them, but empty ones and comments.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    line = line.substr(0, line.find_last_not_of(blanks) + 1);
    if (!line.empty() && !line.starts_with('#')) lines.emplace_back(line);
  }
  return lines;
}

std::vector<std::string> patterns_in_json(const std::string& name, std::string_view text) {
  simdjson::dom::parser parser;
  simdjson::dom::array items;
  if (const auto error = parser.parse(simdjson::padded_string(text)).get(items))
    throw data_file_error(
        name + ": expected JSON, a list of objects with `pattern`: " + simdjson::error_message(error));
  std::vector<std::string> patterns;
  for (const auto item : items) {
    std::string_view pattern;
    if (item["pattern"].get(pattern))
      throw data_file_error(name + ": expected a text `pattern` in item " +
                            std::to_string(patterns.size() + 1));
    patterns.emplace_back(pattern);
  }
  return patterns;
}

/// An empty file is more likely one that is about to be written than a wish for no patterns.
std::vector<std::string> not_empty(const std::string& name, std::vector<std::string> entries) {
  if (entries.empty()) throw data_file_error(name + ": expected at least one entry, got none");
  return entries;
}

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

std::vector<std::string> crawler_patterns_in(const std::string& name, std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  const bool json = first != text.npos && text.substr(first).starts_with('[');
  return not_empty(name, json ? patterns_in_json(name, text) : lines_of(text));
}

bot_lists bot_lists_of(const settings& s) {
  constexpr auto file = "crawler-user-agents.json";
  bot_lists lists;
  lists.crawlers = s.bots.crawlers == "default"
                       ? crawler_patterns_in(file, embedded_text(embedded_crawlers(), file))
                       : crawler_patterns_in(s.bots.crawlers, read_data_file(s.bots.crawlers));
  if (!s.bots.extra_crawlers.empty())
    append(lists.crawlers, crawler_patterns_in(s.bots.extra_crawlers, read_data_file(s.bots.extra_crawlers)));
  lists.headless =
      s.lists.headless == "default"
          ? std::vector<std::string>{"HeadlessChrome", "PhantomJS", "Puppeteer", "Playwright", "Selenium"}
          : not_empty(s.lists.headless, lines_of(read_data_file(s.lists.headless)));
  return lists;
}

}  // namespace weir
