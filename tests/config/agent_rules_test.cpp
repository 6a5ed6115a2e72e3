#include <doctest/doctest.h>

#include <string>

#include "config/agent_rules_file.hpp"
#include "config/data_file.hpp"
#include "config/enrichment_files.hpp"
#include "config/error.hpp"
#include "pipeline/enrich/agent_matcher.hpp"
#include "tests/config/files.hpp"

namespace weir {

namespace {

agent_facts facts(const char* agent) {
  static const agent_matcher matcher(agent_rules_of("default"));
  return matcher.facts(agent);
}

std::string fault_of(const std::string& text) {
  const test_folder folder;
  const auto file = folder.write("rules.yaml", text).string();
  try {
    agent_rules_of(file);
  } catch (const data_file_error& x) {
    return std::string(x.what()).substr(file.size());
  }
  return {};
}

}  // namespace

TEST_CASE("an agent tells the type of its device, or nothing") {
  CHECK(facts("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15").device_type == "tablet");
  CHECK(facts("Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0 "
              "Mobile Safari/537.36")
            .device_type == "mobile");
  CHECK(facts("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0").device_type ==
        "desktop");
  CHECK(facts("Roku/DVP-6.2 (096.02E06005A)").device_type == "tv");
  CHECK(facts("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)").device_type ==
        "bot");
  const auto nothing = facts("of nothing that anyone knows");
  CHECK(nothing.device_type.empty());
  CHECK(nothing.browser.empty());
  CHECK(nothing.os.empty());
}

TEST_CASE("versions are as long as the agent tells them") {
  const auto x = facts("Mozilla/5.0 (Windows NT 6.1; rv:121.0) Gecko/20100101 Firefox/121.0");
  CHECK(x.browser == "Firefox");
  CHECK(x.browser_version == "121.0");
  CHECK(x.os == "Windows");
  CHECK(x.os_version == "7");
}

TEST_CASE("a file of rules that is none is refused with its line") {
  CHECK(fault_of("a: [") != "");
  CHECK(fault_of("a: 1") == ":1: expected a list called user_agent_parsers");
  CHECK(fault_of("user_agent_parsers:\n  - {family_replacement: x}") == ":2: expected a map with `regex`");
  settings s;
  s.lists.user_agents = "/nowhere/rules.yaml";
  CHECK_THROWS_WITH_AS(enrichment_files{s},
                       "lists.user_agents: /nowhere/rules.yaml: cannot be read: No such file or directory",
                       config_error);
}

}  // namespace weir
