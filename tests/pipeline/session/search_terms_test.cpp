#include "pipeline/session/search_terms.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace weir;

namespace {

std::string term(const std::vector<std::string>& params, std::string_view url) {
  std::string room;
  scratch_text scratch(room, url.size());
  return std::string(search_terms(params).find(url, *split_referrer(url), scratch));
}

}  // namespace

TEST_CASE("the first listed parameter that has a value is the term") {
  CHECK(term({"q", "query"}, "https://x.com/?query=b&q=a") == "a");
  CHECK(term({"q", "query"}, "https://x.com/?query=b&q=") == "b");
  CHECK(term({"q"}, "https://x.com/?query=b").empty());
  CHECK(term({}, "https://x.com/?q=b").empty());
}

TEST_CASE("of a parameter that comes twice the first counts") {
  CHECK(term({"q"}, "https://x.com/?q=a&q=b") == "a");
}

TEST_CASE("a term is decoded and trimmed") {
  CHECK(term({"q"}, "https://x.com/?q=+caf%C3%A9+au%20lait%20") == "caf\u00e9 au lait");
}

TEST_CASE("a term may stand behind the number sign") { CHECK(term({"q"}, "https://x.com/#a=1&q=b") == "b"); }

TEST_CASE("a regular expression names the term by its first group") {
  CHECK(term({R"(/\/s\/([^\/]+)/)"}, "https://x.com/s/red+shoes/2") == "red shoes");
  CHECK(term({R"(/\/s\/([^\/]+)/)", "q"}, "https://x.com/t/a?q=b") == "b");
}

TEST_CASE("a regular expression that is none, or has no group, is refused") {
  CHECK_THROWS_AS(search_terms({"/([a/"}), std::invalid_argument);
  CHECK_THROWS_AS(search_terms({"/abc/"}), std::invalid_argument);
}
