#include "pipeline/session/referrer_index.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace weir;

namespace {

referrer_entry entry(std::string name, std::vector<std::string> urls) {
  return {std::move(name), std::move(urls), {}};
}

std::string found(const referrer_index& index, std::string_view host, std::string_view path = "/") {
  const auto* who = index.find(host, path);
  return who ? who->name : "(none)";
}

referrer_lists engines(std::vector<referrer_entry> list) {
  referrer_lists lists;
  lists.search_engines = std::move(list);
  return lists;
}

}  // namespace

TEST_CASE("a host has the name of its longest listed suffix") {
  const referrer_index index(
      engines({entry("Short", {"example.com"}), entry("Long", {"search.example.com"})}));
  CHECK(found(index, "example.com") == "Short");
  CHECK(found(index, "www2.example.com") == "Short");
  CHECK(found(index, "search.example.com") == "Long");
  CHECK(found(index, "eu.search.example.com") == "Long");
  CHECK(found(index, "research.example.com") == "Short");
}

TEST_CASE("a suffix ends at a dot") {
  const referrer_index index(engines({entry("Engine", {"example.com"})}));
  CHECK(found(index, "myexample.com") == "(none)");
  CHECK(found(index, "com") == "(none)");
  CHECK(found(index, "example.com.evil.org") == "(none)");
  CHECK(found(index, "") == "(none)");
  CHECK(found(index, "..com") == "(none)");
}

TEST_CASE("listed hosts are compared in lower case and without www.") {
  const referrer_index index(engines({entry("Engine", {"www.Example.com"})}));
  CHECK(found(index, "example.com") == "Engine");
}

TEST_CASE("an ending of a country matches") {
  const referrer_index index(engines({entry("Google", {"google.{}"})}));
  for (const auto* host : {"google.de", "google.co.uk", "google.com.br", "news.google.fr", "google.co"}) {
    CHECK_MESSAGE(found(index, host) == "Google", host);
  }
  for (const auto* host : {"google.com", "google.info", "google.xyz.de", "google.d3", "de", "co.uk"}) {
    CHECK_MESSAGE(found(index, host) == "(none)", host);
  }
}

TEST_CASE("a country matches before and within a host") {
  const referrer_index index(
      engines({entry("Ask", {"{}.ask.com"}), entry("Ask Images", {"images.{}.ask.com"})}));
  CHECK(found(index, "uk.ask.com") == "Ask");
  CHECK(found(index, "images.uk.ask.com") == "Ask Images");
  CHECK(found(index, "news.uk.ask.com") == "Ask");
  CHECK(found(index, "ask.com") == "(none)");
  CHECK(found(index, "www2.ask.com") == "(none)");
}

TEST_CASE("a label may be open at its end") {
  const referrer_index index(
      engines({entry("Mail", {"webmail*.example.com"}), entry("Exact", {"webmail1.example.com"})}));
  CHECK(found(index, "webmail.example.com") == "Mail");
  CHECK(found(index, "webmail22.example.com") == "Mail");
  CHECK(found(index, "a.webmail22.example.com") == "Mail");
  CHECK(found(index, "webmail1.example.com") == "Exact");
  CHECK(found(index, "mail.example.com") == "(none)");
}

TEST_CASE("an entry with a path comes before the host alone, the longest first") {
  const referrer_index index(
      engines({entry("Engine", {"x.com"}), entry("Images", {"x.com/img"}), entry("Old", {"x.com/img/old"})}));
  CHECK(found(index, "x.com", "/") == "Engine");
  CHECK(found(index, "x.com", "") == "Engine");
  CHECK(found(index, "x.com", "/img") == "Images");
  CHECK(found(index, "x.com", "/img/new") == "Images");
  CHECK(found(index, "x.com", "/img/old/1") == "Old");
  CHECK(found(index, "m.x.com", "/img?") == "Images");
}

TEST_CASE("a longer suffix comes before a path") {
  const referrer_index index(engines({entry("Path", {"x.com/img"}), entry("Host", {"images.x.com"})}));
  CHECK(found(index, "images.x.com", "/img") == "Host");
}

TEST_CASE("a path that does not match leaves the shorter suffix") {
  const referrer_index index(engines({entry("Engine", {"x.com"}), entry("Path", {"a.x.com/search"})}));
  CHECK(found(index, "a.x.com", "/other") == "Engine");
}

TEST_CASE("a host in several lists is webmail, else assistant, else network, else engine") {
  const auto listed = [](bool webmail, bool assistant, bool network) {
    referrer_lists lists;
    lists.search_engines = {entry("engine", {"x.com"})};
    if (webmail) lists.webmail = {entry("webmail", {"x.com"})};
    if (assistant) lists.ai_assistants = {entry("assistant", {"x.com"})};
    if (network) lists.social_networks = {entry("network", {"x.com"})};
    return found(referrer_index(lists), "x.com");
  };
  CHECK(listed(true, true, true) == "webmail");
  CHECK(listed(false, true, true) == "assistant");
  CHECK(listed(false, false, true) == "network");
  CHECK(listed(false, false, false) == "engine");
}

TEST_CASE("a pattern of a class that comes first wins over a host of the same length") {
  referrer_lists lists;
  lists.search_engines = {entry("engine", {"mail.x.de"})};
  lists.webmail = {entry("webmail", {"mail.x.{}"})};
  CHECK(found(referrer_index(lists), "mail.x.de") == "webmail");
}
