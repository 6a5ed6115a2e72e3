#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// What user agents are known by. events.md, "Bots".
struct bot_lists {
  std::vector<std::string> crawlers;  // regular expressions
  std::vector<std::string> headless;  // texts, in their case
};

/// Tells the agents of crawlers and headless browsers. Immutable; any thread may use it.
class bot_agents {
 public:
  /// Throws std::invalid_argument for an expression that RE2 does not read.
  explicit bot_agents(bot_lists lists);
  ~bot_agents();
  bot_agents(const bot_agents&) = delete;
  bot_agents& operator=(const bot_agents&) = delete;

  bool is_crawler(std::string_view agent) const;
  bool is_headless(std::string_view agent) const;
  /// The expressions and texts by which it is one, in the order of the lists: for people.
  std::vector<std::string_view> crawler_patterns(std::string_view agent) const;
  std::vector<std::string_view> headless_names(std::string_view agent) const;

 private:
  struct compiled;
  bot_lists lists_;
  std::unique_ptr<const compiled> compiled_;
};

}  // namespace weir
