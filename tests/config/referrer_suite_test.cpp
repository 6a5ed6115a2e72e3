// The public suite of referrers, and the lists against themselves. docs/traffic-sources.md has the scores.
#include <doctest/doctest.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "config/referrer_lists.hpp"

using namespace weir;

namespace {

const traffic_sources& sources() {
  static const traffic_sources made(default_referrer_lists());
  return made;
}

/// The suite's word for a class of traffic.
std::string suite_word(medium m) {
  if (m == medium::organic) return "search";
  if (m == medium::ai_assistant) return "chatbot";
  return std::string(to_string(m));
}

struct score {
  int cases = 0, right = 0, terms = 0, terms_right = 0;
  int names = 0, names_right = 0;  // where the class is right and our list of it has the suite's name
};

/// Whether our list of that medium has the name.
bool is_listed(std::string_view name, medium kind) {
  static const auto lists = default_referrer_lists();
  static const std::map<medium, const std::vector<referrer_entry>*> by_medium{
      {medium::paid, &lists.ad_networks},
      {medium::email, &lists.webmail},
      {medium::ai_assistant, &lists.ai_assistants},
      {medium::social, &lists.social_networks},
      {medium::organic, &lists.search_engines}};
  const auto found = by_medium.find(kind);
  if (found == by_medium.end()) return false;
  return std::any_of(found->second->begin(), found->second->end(),
                     [&](const auto& e) { return e.name == name; });
}

struct suite_result {
  std::map<std::string, score> scores;
  std::string missed;  // a line each
};

void judge(simdjson::dom::element test, suite_result& result) {
  const std::string_view uri = test["uri"], expected = test["medium"];
  std::string scratch;
  const auto got = sources().classify_referrer(uri, scratch);
  auto& s = result.scores[std::string(expected)];
  ++s.cases;
  const auto right = suite_word(got.kind) == expected;
  s.right += right;
  if (!right) result.missed += std::string(uri) + " is " + std::string(to_string(got.kind)) + "\n";
  std::string_view name, term;
  if (right && test["source"].get(name) == simdjson::SUCCESS && is_listed(name, got.kind)) {
    ++s.names;
    s.names_right += got.source == name;
    if (got.source != name) result.missed += std::string(uri) + " is of " + std::string(got.source) + "\n";
  }
  if (test["term"].get(term) != simdjson::SUCCESS) return;
  ++s.terms;
  s.terms_right += term == got.term;
}

suite_result run_suite() {
  simdjson::dom::parser parser;
  suite_result result;
  for (const auto test :
       parser.load(WEIR_SOURCE_DIR "/tests/data/referrers/referer-tests.json").get_array()) {
    judge(test, result);
  }
  return result;
}

/// A host that the listed one stands for.
std::string example_of(std::string url) {
  for (const std::string_view pattern : {"{}", "*"}) {
    const auto at = url.find(pattern);
    if (at != url.npos) url.replace(at, pattern.size(), pattern == "*" ? "1" : "de");
  }
  return url;
}

bool comes_first(medium m, medium before) {
  constexpr std::array order{medium::paid, medium::email, medium::ai_assistant, medium::social,
                             medium::organic};
  return std::find(order.begin(), order.end(), m) < std::find(order.begin(), order.end(), before);
}

void check_classes(const std::vector<referrer_entry>& list, medium expected) {
  for (const auto& entry : list) {
    for (const auto& url : entry.urls) {
      std::string scratch;
      const auto got = sources().classify_referrer("https://" + example_of(url), scratch).kind;
      CHECK_MESSAGE((got == expected || comes_first(got, expected)),
                    entry.name << " (" << url << ") is " << to_string(got));
    }
  }
}

}  // namespace

TEST_CASE("the public suite's medium is right for 95 % over all its kinds") {
  const auto [scores, missed] = run_suite();
  int cases = 0, right = 0;
  for (const auto& [kind, s] : scores) cases += s.cases, right += s.right;
  CHECK(cases == 118);
  CHECK_MESSAGE(right * 100 >= cases * 95, missed);
}

TEST_CASE("the public suite's source is right where our lists have its name") {
  const auto [scores, missed] = run_suite();
  int names = 0, right = 0;
  for (const auto& [kind, s] : scores) names += s.names, right += s.names_right;
  CHECK(names >= 40);
  CHECK_MESSAGE(right == names, missed);
}

TEST_CASE("the public suite's search terms are right where the engine is listed") {
  const auto search = run_suite().scores["search"];
  CHECK(search.terms == 16);
  CHECK(search.terms_right >= 12);
}

TEST_CASE("every listed host has the class of its list, or of one that comes first") {
  const auto lists = default_referrer_lists();
  check_classes(lists.ad_networks, medium::paid);
  check_classes(lists.webmail, medium::email);
  check_classes(lists.ai_assistants, medium::ai_assistant);
  check_classes(lists.social_networks, medium::social);
  check_classes(lists.search_engines, medium::organic);
}

TEST_CASE("the best known referrers have their class") {
  const auto kind = [](std::string_view referrer) {
    std::string scratch;
    const auto r = sources().classify_referrer(referrer, scratch);
    return std::string(to_string(r.kind)) + " " + std::string(r.source);
  };
  CHECK(kind("https://www.google.com/") == "organic Google");
  CHECK(kind("https://www.google.co.uk/") == "organic Google");
  CHECK(kind("https://www.bing.com/") == "organic Bing");
  CHECK(kind("https://duckduckgo.com/") == "organic DuckDuckGo");
  CHECK(kind("https://l.facebook.com/") == "social Facebook");
  CHECK(kind("https://t.co/x") == "social Twitter");
  CHECK(kind("https://mail.google.com/") == "email Gmail");
  CHECK(kind("https://outlook.live.com/") == "email Outlook.com");
  CHECK(kind("https://mail.yahoo.com/") == "email Yahoo! Mail");
  CHECK(kind("https://chatgpt.com/") == "ai_assistant ChatGPT");
  CHECK(kind("https://www.perplexity.ai/") == "ai_assistant Perplexity");
  CHECK(kind("https://gemini.google.com/") == "ai_assistant Gemini");
  CHECK(kind("https://copilot.microsoft.com/") == "ai_assistant Copilot");
  CHECK(kind("https://claude.ai/") == "ai_assistant Claude");
  CHECK(kind("https://x.com/i/grok") == "ai_assistant Grok");
  CHECK(kind("android-app://com.google.android.gm") == "email Gmail");
  CHECK(kind("android-app://com.linkedin.android") == "social LinkedIn");
  CHECK(kind("https://example.org/") == "referral example.org");
}
