#include "config/enrichment_files.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "config/bot_lists_file.hpp"
#include "config/data_file.hpp"
#include "config/error.hpp"
#include "pipeline/enrich/bot_agents.hpp"
#include "tests/config/files.hpp"

namespace weir {

namespace {

/// Lists of crawlers in a folder, and what is told of their changes.
struct listed {
  test_folder folder;
  settings s;
  std::vector<std::string> changed, broken;

  listed() {
    s.bots.crawlers = folder.write("crawlers.txt", "# ours\nalphabot/\n").string();
    s.bots.extra_crawlers = folder.write("extra.json", R"([{"pattern": "betabot$"}])").string();
  }
  void look(enrichment_files& files) {
    files.refresh({[this](const auto& what) { changed.push_back(what); },
                   [this](const auto& what) { broken.push_back(what); }});
  }
  /// A change is taken at the second look.
  void refresh(enrichment_files& files) {
    look(files);
    look(files);
  }
};

}  // namespace

TEST_CASE_FIXTURE(listed, "a list replaces the crawlers that are built in, another one is added") {
  const enrichment_files files(s);
  const auto& bots = *files.current()->bots;
  CHECK(bots.is_crawler("alphabot/1"));
  CHECK(bots.is_crawler("x betabot"));
  CHECK_FALSE(bots.is_crawler("betabot 1"));
  CHECK_FALSE(bots.is_crawler("Googlebot/2.1"));
  CHECK(bots.is_headless("HeadlessChrome/1"));
}

TEST_CASE_FIXTURE(listed, "a list that changes is read anew, and what was handed out stays as it was") {
  enrichment_files files(s);
  const auto before = files.current();
  refresh(files);
  CHECK(files.current() == before);
  folder.write("crawlers.txt", "gammabot\n");
  refresh(files);
  CHECK(changed == std::vector<std::string>{"bots.crawlers, bots.extra_crawlers, lists.headless: read anew"});
  const auto after = files.current();
  CHECK(after->bots->is_crawler("gammabot"));
  CHECK_FALSE(after->bots->is_crawler("alphabot/1"));
  CHECK(before->bots->is_crawler("alphabot/1"));
  CHECK(after->agents == before->agents);
}

TEST_CASE_FIXTURE(listed, "a list that breaks is told of once, and the old one stays") {
  enrichment_files files(s);
  const auto before = files.current();
  folder.write("crawlers.txt", "good\n(bad\n");
  refresh(files);
  refresh(files);
  REQUIRE(broken.size() == 1);
  CHECK(broken[0].find("expected a regular expression of RE2's, got (bad") != std::string::npos);
  CHECK(broken[0].find("what was read before stays in use") != std::string::npos);
  std::filesystem::remove(folder.path() / "crawlers.txt");
  refresh(files);
  CHECK(broken.size() == 2);
  CHECK(files.current() == before);
  folder.write("crawlers.txt", "mended\n");
  refresh(files);
  CHECK(files.current()->bots->is_crawler("mended"));
}

TEST_CASE_FIXTURE(listed, "a list that is being written is not read until it has stayed the same") {
  enrichment_files files(s);
  const auto before = files.current();
  std::string text;
  for (const auto* more : {"", "gamm", "abot\ndelta", "bot\n"}) {
    folder.write("crawlers.txt", text += more);
    look(files);
    CHECK(files.current() == before);
  }
  look(files);
  CHECK(changed.size() == 1);
  CHECK(broken.empty());
  CHECK(files.current()->bots->is_crawler("gammabot deltabot"));
  look(files);
  CHECK(changed.size() == 1);
}

TEST_CASE_FIXTURE(listed, "a list that was emptied changes nothing") {
  s.lists.headless = folder.write("headless.txt", "Servo\n").string();
  enrichment_files files(s);
  const auto before = files.current();
  for (const auto* name : {"crawlers.txt", "extra.json", "headless.txt"}) {
    broken.clear();
    folder.write(name, "");
    refresh(files);
    REQUIRE(broken.size() == 1);
    CHECK(broken[0].find("expected at least one entry, got none") != std::string::npos);
    CHECK(files.current() == before);
    folder.write(name, "x\n");
  }
}

TEST_CASE_FIXTURE(listed, "a file of names of headless browsers replaces those that are built in") {
  s.lists.headless = folder.write("headless.txt", "Servo\n\n# no more\n").string();
  const enrichment_files files(s);
  CHECK(files.current()->bots->is_headless("a Servo b"));
  CHECK_FALSE(files.current()->bots->is_headless("servo HeadlessChrome"));
}

TEST_CASE("a list of crawlers says what is wrong with it") {
  const auto fault = [](const char* text) {
    try {
      crawler_patterns_in("f", text);
    } catch (const data_file_error& x) {
      return std::string(x.what());
    }
    return std::string();
  };
  CHECK(fault("[{\"pattern\": \"a\"}, {\"url\": \"b\"}]") == "f: expected a text `pattern` in item 2");
  CHECK(fault("[{").starts_with("f: expected JSON, a list of objects with `pattern`"));
  CHECK(fault(" # none\n") == "f: expected at least one entry, got none");
  CHECK(fault("[]") == "f: expected at least one entry, got none");
  CHECK(crawler_patterns_in("f", " a b \r\n\n#c\nd") == std::vector<std::string>{"a b", "d"});
}

}  // namespace weir
