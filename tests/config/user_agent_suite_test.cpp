#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "config/agent_rules_file.hpp"
#include "pipeline/enrich/agent_matcher.hpp"

namespace weir {

namespace {

const agent_matcher& matcher() {
  static const agent_matcher made(agent_rules_of("default"));
  return made;
}

/// Counts the cases of a file of Debian's package uap-core, and how many fail.
struct suite {
  std::size_t cases = 0;
  std::vector<std::string> failed = {};

  template <class Parts>
  void run(const std::string& file, std::initializer_list<const char*> names, Parts agent_match::*parts) {
    const auto top = YAML::LoadFile("/usr/share/uap-core/" + file);
    for (const auto& item : top["test_cases"]) {
      ++cases;
      const auto agent = item["user_agent_string"].Scalar();
      const auto got = matcher().match(agent).*parts;
      for (std::size_t i = 0; const auto* name : names) {
        const auto value = item[name];
        const auto want = value && !value.IsNull() ? value.Scalar() : std::string();
        if (got[i++] != want) {
          failed.push_back(agent + ": " + name + " " + got[i - 1] + ", not " + want);
          break;
        }
      }
    }
  }
};

}  // namespace

TEST_CASE("all cases of uap-core's own tests get the browser, system and device that they ask for") {
  suite all;
  for (const auto* file :
       {"tests/test_ua.yaml", "test_resources/firefox_user_agent_strings.yaml",
        "test_resources/opera_mini_user_agent_strings.yaml", "test_resources/pgts_browser_list.yaml",
        "test_resources/podcasting_user_agent_strings.yaml"})
    all.run(file, {"family", "major", "minor", "patch"}, &agent_match::browser);
  for (const auto* file : {"tests/test_os.yaml", "test_resources/additional_os_tests.yaml"})
    all.run(file, {"family", "major", "minor", "patch", "patch_minor"}, &agent_match::system);
  all.run("tests/test_device.yaml", {"family", "brand", "model"}, &agent_match::device);
  CHECK(all.cases == 31'105);
  for (const auto& what : all.failed) CHECK_MESSAGE(false, what);
}

}  // namespace weir
