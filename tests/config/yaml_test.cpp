#include "config/yaml.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "config/error.hpp"

using namespace weir;
using namespace weir::config;

TEST_CASE("every value knows its line") {
  const auto root = parse_yaml("a: 1\nb:\n  - x\n  - {c: 2}\n", "f.yaml");
  CHECK(root.find("a")->origin == "f.yaml:1");
  CHECK(origin_of(root, "b[0]") == "f.yaml:3");
  CHECK(origin_of(root, "b[1].c") == "f.yaml:4");
}

TEST_CASE("of a path that is not there the deepest part that is tells the line") {
  const auto root = parse_yaml("a:\n  b: 1\n", "f.yaml");
  CHECK(origin_of(root, "a.x") == "f.yaml:1");
  CHECK(origin_of(parse_yaml("s:\n  my.shop: {z: 1}\n", "f.yaml"), "s.my.shop.z") == "f.yaml:2");
}

TEST_CASE("what is not YAML is told with its line") {
  CHECK_THROWS_WITH_AS(parse_yaml("a: 1\nb: [1\n", "f.yaml"), doctest::Contains("f.yaml:3: not YAML"),
                       config_error);
  CHECK_THROWS_WITH_AS(parse_yaml("a: 1\nb: 2\na: 3\n", "f.yaml"),
                       "f.yaml:3: a: given twice, first at f.yaml:1", config_error);
  CHECK_THROWS_AS(parse_yaml("a: 1\n---\nb: 2\n", "f.yaml"), config_error);
  CHECK_THROWS_AS(parse_yaml("[a]: 1\n", "f.yaml"), config_error);
  CHECK_THROWS_AS(parse_yaml("a: &x [*x]\n", "f.yaml"), config_error);
}

TEST_CASE("a file that cannot be read is an error") {
  CHECK_THROWS_WITH_AS(read_yaml("/nonexistent/weir.yaml"), doctest::Contains("cannot be read: No such file"),
                       config_error);
  CHECK_THROWS_WITH_AS(read_yaml("/"), doctest::Contains("a folder"), config_error);
}

TEST_CASE("quoted scalars are told from plain ones") {
  const auto root = parse_yaml("a: off\nb: \"off\"\nc: ''\nd:\n", "f");
  CHECK(root.find("a")->is_plain("off"));
  CHECK_FALSE(root.find("b")->is_plain("off"));
  CHECK(root.find("c")->is(node::kind::scalar));
  CHECK(root.find("d")->is(node::kind::nothing));
}

TEST_CASE("merging goes key by key, lists and scalars are replaced") {
  auto under = parse_yaml("a: {x: 1, w: 2}\nl: [1, 2]\ns: 1\nm: {k: 1}\n", "u");
  merge(under, parse_yaml("a: {w: 3, z: 4}\nl: [3]\ns: 2\nm:\n", "o"));
  CHECK(write_inline(under) == "{a: {x: 1, w: 3, z: 4}, l: [3], s: 2, m: {k: 1}}");
}

TEST_CASE("any text is written so that it is read back as a text") {
  CHECK(needs_quotes("off"));
  CHECK(needs_quotes("2024"));
  CHECK(needs_quotes(""));
  CHECK_FALSE(needs_quotes("./data"));
  CHECK(rc::check([](const std::string& raw) {
    std::string text;
    for (const char c : raw)
      if (c != 0 && static_cast<unsigned char>(c) < 0x7f) text += c;
    auto root = node::map();
    root.add("k", node::list()).children.push_back(node::scalar(text, needs_quotes(text)));
    const auto back = parse_yaml(write_yaml(root), "f");
    RC_ASSERT(back.find("k")->children.at(0).text == text);
  }));
}
