#include <doctest/doctest.h>
#include <simdjson.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <set>
#include <string>

#include "config/agent_rules_file.hpp"
#include "config/bot_lists_file.hpp"
#include "config/data_file.hpp"
#include "config/settings.hpp"
#include "pipeline/enrich/agent_matcher.hpp"
#include "pipeline/enrich/bot_agents.hpp"

namespace weir {

namespace {

const bot_agents& by_default() {
  static const bot_agents made(bot_lists_of(settings{}));
  return made;
}

bool is_bot(const std::string& agent) {
  return by_default().is_crawler(agent) || by_default().is_headless(agent);
}

std::set<std::string> families_of_programs() {
  std::ifstream file(WEIR_SOURCE_DIR "/tests/data/user_agents/programs.txt");
  std::set<std::string> families;
  for (std::string line; std::getline(file, line);)
    if (!line.starts_with('#')) families.insert(line);
  return families;
}

std::set<std::string> agents_of_uap_core() {
  std::set<std::string> agents;
  for (const auto* file :
       {"tests/test_device.yaml", "tests/test_os.yaml", "tests/test_ua.yaml",
        "test_resources/additional_os_tests.yaml", "test_resources/firefox_user_agent_strings.yaml",
        "test_resources/opera_mini_user_agent_strings.yaml", "test_resources/pgts_browser_list.yaml",
        "test_resources/podcasting_user_agent_strings.yaml"})
    for (const auto& item : YAML::LoadFile(std::string("/usr/share/uap-core/") + file)["test_cases"])
      agents.insert(item["user_agent_string"].Scalar());
  return agents;
}

}  // namespace

TEST_CASE("at least 99 % of the agents that the list of crawlers names are found") {
  simdjson::dom::parser parser;
  const auto text = simdjson::padded_string(embedded_text(embedded_crawlers(), "crawler-user-agents.json"));
  std::size_t all = 0, found = 0;
  for (const auto item : parser.parse(text).get_array())
    for (const auto agent : item["instances"].get_array()) {
      ++all;
      found += is_bot(std::string(std::string_view(agent)));
    }
  CHECK(all == 2'118);
  CHECK_MESSAGE(found * 100 >= all * 99, found << " of " << all);
  MESSAGE(found << " of " << all << " crawlers are found");
}

TEST_CASE("under 0.1 % of the agents of browsers and devices that are no bots are taken for bots") {
  const auto programs = families_of_programs();
  const agent_matcher matcher(agent_rules_of("default"));
  // Of a person's browser or device: uap-core knows the one or the other, and it is no spider, no program.
  const auto is_persons = [&](const std::string& agent) {
    const auto found = matcher.match(agent);
    const auto& family = found.browser[0];
    const auto& brand = found.device[1];
    return brand != "Spider" && !(family == "Other" && brand.empty()) && !programs.contains(family);
  };
  std::set<std::string> people, wrong;
  for (const auto& agent : agents_of_uap_core()) {
    if (!is_persons(agent)) continue;
    people.insert(agent);
    if (is_bot(agent)) wrong.insert(agent);
  }
  MESSAGE(wrong.size() << " of " << people.size() << " agents of people are taken for bots");
  for (const auto& agent : wrong) MESSAGE("taken for a bot: " << agent);
  CHECK(people.size() > 27'000);
  CHECK(wrong.size() * 1'000 < people.size());
}

}  // namespace weir
