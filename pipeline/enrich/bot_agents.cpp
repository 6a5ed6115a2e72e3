#include "pipeline/enrich/bot_agents.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <stdexcept>

#include "pipeline/enrich/agent_part.hpp"
#include "pipeline/enrich/rule_filter.hpp"

namespace weir {

struct bot_agents::compiled {
  explicit compiled(const std::vector<std::string>& patterns)
      : any(!patterns.empty()), set(quiet_options(), re2::RE2::UNANCHORED) {
    for (const auto& pattern : patterns)
      if (std::string why; set.Add(pattern, &why) < 0)
        throw std::invalid_argument("expected a regular expression of RE2's, got " + pattern + " (" + why +
                                    ")");
    if (any && !set.Compile()) throw std::invalid_argument("expected patterns that fit into memory");
  }

  bool any;
  re2::RE2::Set set;
};

bot_agents::bot_agents(bot_lists lists)
    : lists_(std::move(lists)), compiled_(std::make_unique<compiled>(lists_.crawlers)) {}
bot_agents::~bot_agents() = default;

bool bot_agents::is_crawler(std::string_view agent) const {
  const auto part = agent_part(agent);
  return compiled_->any && compiled_->set.Match({part.data(), part.size()}, nullptr);
}

std::vector<std::string_view> bot_agents::crawler_patterns(std::string_view agent) const {
  const auto part = agent_part(agent);
  std::vector<int> matched;
  if (compiled_->any) compiled_->set.Match({part.data(), part.size()}, &matched);
  std::ranges::sort(matched);
  std::vector<std::string_view> patterns;
  for (const auto i : matched) patterns.emplace_back(lists_.crawlers[static_cast<std::size_t>(i)]);
  return patterns;
}

bool bot_agents::is_headless(std::string_view agent) const {
  const auto part = agent_part(agent);
  return std::ranges::any_of(lists_.headless,
                             [part](const auto& name) { return part.find(name) != part.npos; });
}

std::vector<std::string_view> bot_agents::headless_names(std::string_view agent) const {
  const auto part = agent_part(agent);
  std::vector<std::string_view> names;
  for (const auto& name : lists_.headless)
    if (part.find(name) != part.npos) names.emplace_back(name);
  return names;
}

}  // namespace weir
