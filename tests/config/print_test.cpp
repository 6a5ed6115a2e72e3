#include "config/print.hpp"

#include <doctest/doctest.h>

#include "config/loader.hpp"
#include "config/reference.hpp"
#include "config/schema.hpp"
#include "tests/config/files.hpp"

using namespace weir;

namespace {

settings unusual() {
  return load_settings(
      {{},
       {},
       {},
       {"node.lanes=3", "replay.now=2024-02-18T10:30:00.250Z", "checkpoint.interval=off",
        "sites.shop={domains: [a.example, b.example], timezone: Asia/Tokyo}", "kafka.prefix=x.",
        "goals=[{id: \"off\", event: {name: \"a: b\", min_value: -2.5}}, {id: y, event: {page_path: /y}}]",
        "funnels=[{id: f, within: 90s, steps: [{name: a, match: {type: pageview}}, {match: {min_value: "
        "1}}]}]"}});
}

}  // namespace

TEST_CASE("what is printed loads to the same") {
  const test_folder folder;
  const auto text = print_settings(unusual());
  CHECK(print_settings(load_settings({folder.write("a.yaml", text), {}, {}, {}})) == text);
  const auto commented = print_commented(unusual());
  CHECK(print_settings(load_settings({folder.write("b.yaml", commented), {}, {}, {}})) == text);
}

TEST_CASE("every setting of the schema is printed, in a section that is described") {
  const auto tree = config::to_tree({});
  for (const auto& f : config::schema()) {
    const auto* at = &tree;
    for (std::istringstream path(f.name); at && !path.eof();) {
      std::string part;
      std::getline(path, part, '.');
      at = at->find(part);
    }
    CHECK_MESSAGE(at, f.name);
  }
  CHECK(tree.children.size() == config::sections().size());
}

TEST_CASE("secrets are masked") {
  settings s;
  s.kafka.properties = {{"sasl.password", "hush"}, {"ssl.key.password", "hush"}, {"linger.ms", "5"}};
  const auto text = print_settings(s);
  CHECK(text.find("hush") == text.npos);
  CHECK(text.find("linger.ms: \"5\"") != text.npos);
}

TEST_CASE("config/weir.yaml holds the defaults: weir config print --commented > config/weir.yaml") {
  CHECK(read_text(WEIR_SOURCE_DIR "/config/weir.yaml") == print_commented({}));
}

TEST_CASE("docs/configuration.md is up to date: weir config reference > docs/configuration.md") {
  CHECK(read_text(WEIR_SOURCE_DIR "/docs/configuration.md") == config_reference());
}
