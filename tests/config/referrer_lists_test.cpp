#include "config/referrer_lists.hpp"

#include <doctest/doctest.h>

#include <unistd.h>
#include <algorithm>
#include <fstream>

#include "config/embedded.hpp"

using namespace weir;

namespace {

const referrer_entry* entry_named(const std::vector<referrer_entry>& list, std::string_view name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& e) { return e.name == name; });
  return found == list.end() ? nullptr : &*found;
}

/// A folder with all five lists, empty but for what a test writes.
class list_folder {
 public:
  list_folder() {
    std::filesystem::create_directories(dir_);
    for (const auto* name :
         {"SearchEngines.yml", "Socials.yml", "AIAssistants.yml", "webmail.yml", "ad_networks.yml"}) {
      write(name, "{}");
    }
  }
  ~list_folder() { std::filesystem::remove_all(dir_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(dir_ / name) << text; }
  const std::filesystem::path& path() const { return dir_; }
  std::string fault() const {
    try {
      load_referrer_lists(dir_);
      return "";
    } catch (const referrer_lists_error& e) {
      return std::filesystem::path(e.what()).filename().string();
    }
  }

 private:
  std::filesystem::path dir_ =
      std::filesystem::temp_directory_path() / ("weir_referrer_lists." + std::to_string(::getpid()));
};

std::size_t hosts(const std::vector<referrer_entry>& list) {
  std::size_t n = 0;
  for (const auto& e : list) n += e.urls.size();
  return n;
}

}  // namespace

TEST_CASE("the built-in lists are those of the folder") {
  const auto built_in = default_referrer_lists();
  const auto read = load_referrer_lists(WEIR_SOURCE_DIR "/config/data/referrers");
  CHECK(hosts(built_in.search_engines) == hosts(read.search_engines));
  CHECK(hosts(built_in.search_engines) > 660);
  CHECK(hosts(built_in.social_networks) == 218);
  CHECK(hosts(built_in.ai_assistants) == hosts(read.ai_assistants));
  CHECK(hosts(built_in.ai_assistants) > 25);
  CHECK(hosts(built_in.webmail) == hosts(read.webmail));
  CHECK(hosts(built_in.ad_networks) == hosts(read.ad_networks));
}

TEST_CASE("a built-in file has the bytes of its source") {
  for (const auto& file : embedded_referrers()) {
    std::ifstream in(std::string(WEIR_SOURCE_DIR "/config/data/referrers/") + std::string(file.name),
                     std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    CHECK_MESSAGE(file.text == text, file.name);
  }
}

TEST_CASE("names that look like numbers or booleans are texts") {
  const auto lists = default_referrer_lists();
  REQUIRE(entry_named(lists.search_engines, "1.cz"));
  CHECK(entry_named(lists.search_engines, "1.cz")->urls == std::vector<std::string>{"1.cz"});
  const list_folder folder;
  folder.write("Socials.yml", "no: [no.example]\ny: [1.50]\n0x10: [b.example]\n");
  const auto read = load_referrer_lists(folder.path());
  CHECK(entry_named(read.social_networks, "no"));
  CHECK(entry_named(read.social_networks, "0x10"));
  REQUIRE(entry_named(read.social_networks, "y"));
  CHECK(entry_named(read.social_networks, "y")->urls == std::vector<std::string>{"1.50"});
}

TEST_CASE("plain hosts and groups make entries") {
  const list_folder folder;
  folder.write("SearchEngines.yml",
               "A:\n  - urls: [a.com, b.com]\n    params: [q, '/s\\/(.*)/']\n  - urls: [c.com]\n");
  folder.write("webmail.yml", "B: [d.com, e.com]\n");
  const auto read = load_referrer_lists(folder.path());
  REQUIRE(read.search_engines.size() == 2);
  CHECK(read.search_engines[0].params == std::vector<std::string>{"q", "/s\\/(.*)/"});
  CHECK(read.search_engines[1].urls == std::vector<std::string>{"c.com"});
  REQUIRE(read.webmail.size() == 1);
  CHECK(read.webmail[0].urls.size() == 2);
}

TEST_CASE("a fault in a list names file, line and what was expected") {
  const list_folder folder;
  folder.write("webmail.yml", "A: [a.com]\nB: b.com\n");
  CHECK(folder.fault() == "webmail.yml:2: expected a list of hosts or of groups with `urls`");
  folder.write("webmail.yml", "A:\n  - params: [q]\n");
  CHECK(folder.fault() == "webmail.yml:2: expected `urls` in the group");
  folder.write("webmail.yml", "A:\n  - urls: [[x]]\n");
  CHECK(folder.fault() == "webmail.yml:2: expected a text");
  folder.write("webmail.yml", "- a\n");
  CHECK(folder.fault() == "webmail.yml:1: expected names with lists of hosts");
  folder.write("webmail.yml", "A: [a\n");
  CHECK(folder.fault().starts_with("webmail.yml:"));
}

TEST_CASE("a missing list is a fault") {
  const list_folder folder;
  std::filesystem::remove(folder.path() / "ad_networks.yml");
  CHECK(folder.fault() == "ad_networks.yml: cannot be read");
}
