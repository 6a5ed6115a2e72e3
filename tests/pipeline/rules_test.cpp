#include "pipeline/rules.hpp"

#include <doctest/doctest.h>

using namespace weir;

TEST_CASE("a glob without stars matches its own text only") {
  CHECK(glob_match("/a", "/a"));
  CHECK_FALSE(glob_match("/a", "/a/"));
  CHECK_FALSE(glob_match("/a", "/A"));
  CHECK_FALSE(glob_match("", "/a"));
  CHECK(glob_match("", ""));
}

TEST_CASE("a star stands for any characters, slashes too") {
  CHECK(glob_match("*", ""));
  CHECK(glob_match("/a*", "/a"));
  CHECK(glob_match("/a*", "/a/b/c"));
  CHECK(glob_match("*.html", "/a/b.html"));
  CHECK(glob_match("/a/*/c", "/a/b/b/c"));
  CHECK_FALSE(glob_match("/a/*/c", "/a/c"));
  CHECK(glob_match("*a*a*b", "aaaaaaaaab"));
  CHECK_FALSE(glob_match("*a*a*b", "aaaaaaaaac"));
  CHECK(glob_match("**", "x"));
}

TEST_CASE("a question mark stands for one character") {
  CHECK(glob_match("/?", "/a"));
  CHECK(glob_match("/?", "/\xc3\xa4"));
  CHECK(glob_match("?", "\xf0\x9f\x98\x80"));
  CHECK_FALSE(glob_match("/?", "/"));
  CHECK_FALSE(glob_match("/?", "/ab"));
  CHECK(glob_match("*?b",
                   "\xc3\xa4"
                   "b"));
  CHECK_FALSE(glob_match("*??b",
                         "\xc3\xa4"
                         "b"));
}

TEST_CASE("a match asks for what is set in it, and for all of that") {
  event e;
  e.type = event_type::form_submit;
  e[text::page_path] = "/signup/2";
  CHECK(matches({}, e));
  CHECK(matches({event_type::form_submit, "", "/signup*", 0}, e));
  CHECK_FALSE(matches({event_type::click, "", "/signup*", 0}, e));
  CHECK_FALSE(matches({event_type::form_submit, "", "/cart*", 0}, e));
  CHECK_FALSE(matches({std::nullopt, "buy", "", 0}, e));
  e.type = event_type::custom_event;
  e[text::event_name] = "buy";
  CHECK(matches({std::nullopt, "buy", "", 0}, e));
  CHECK_FALSE(matches({std::nullopt, "Buy", "", 0}, e));
}

TEST_CASE("a least value is one of custom events") {
  event e;
  e.type = event_type::custom_event;
  const event_match ten{std::nullopt, "", "", 10};
  CHECK_FALSE(matches(ten, e));
  e.set(number::event_value, 10);
  CHECK(matches(ten, e));
  e.set(number::event_value, 9.99);
  CHECK_FALSE(matches(ten, e));
  e.set(number::event_value, 11);
  e.type = event_type::click;
  CHECK_FALSE(matches(ten, e));
}

TEST_CASE("a site that is not listed has the built-in values, whatever the default entry says") {
  rules r;
  r.sites["default"].currency = "CHF";
  r.sites["shop"].currency = "USD";
  CHECK(r.site("shop").currency == "USD");
  CHECK(r.site("default").currency == "CHF");
  CHECK(r.site("other").currency == "EUR");
  CHECK(r.site("other").domains.empty());
}
