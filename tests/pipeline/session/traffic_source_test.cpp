#include "pipeline/session/traffic_source.hpp"

#include <doctest/doctest.h>

#include <ostream>
#include <string>

using namespace weir;

namespace {

referrer_lists lists() {
  referrer_lists l;
  l.search_engines = {{"Google", {"google.com", "google.{}"}, {"q"}},
                      {"Google Images", {"google.com/imgres"}, {"q"}},
                      {"Bing", {"bing.com"}, {"q"}},
                      {"Quick Search Box", {"com.google.android.googlequicksearchbox"}, {}}};
  l.social_networks = {{"Twitter", {"twitter.com", "t.co", "x.com"}, {}}, {"GitHub", {"github.com"}, {}}};
  l.ai_assistants = {{"ChatGPT", {"chatgpt.com"}, {}},
                     {"Gemini", {"gemini.google.com"}, {}},
                     {"Grok", {"x.com/i/grok"}, {}}};
  l.webmail = {{"Gmail", {"mail.google.com", "com.google.android.gm"}, {}}};
  l.ad_networks = {{"Google Ads", {"googleadservices.com"}, {}}};
  return l;
}

/// What a page view comes to, as texts.
struct answer {
  std::string kind, source, campaign = "(none)", term, host;
  bool operator==(const answer&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const answer& a) {
    return out << a.kind << " | " << a.source << " | " << a.campaign << " | " << a.term << " | " << a.host;
  }
};

answer answer_of(const traffic_sources::result& r) {
  return {std::string(to_string(r.kind)), std::string(r.source), std::string(r.campaign), std::string(r.term),
          std::string(r.referrer_host)};
}

const traffic_sources& sources() {
  static const traffic_sources made(lists());
  return made;
}

answer view(std::string_view query, std::string_view referrer = "",
            const std::vector<std::string>& domains = {}) {
  std::string scratch;
  const std::string url = "https://www.shop.example/p" + (query.empty() ? "" : "?" + std::string(query));
  return answer_of(sources().classify(url, referrer, domains, scratch));
}

/// Medium and source alone.
std::string brief(const answer& a) { return a.kind + " " + a.source; }
std::string seen(std::string_view query, std::string_view referrer = "") {
  return brief(view(query, referrer));
}
std::string claim(std::string_view source, std::string_view medium) {
  std::string scratch;
  return brief(answer_of(sources().classify_claim(source, medium, "", scratch)));
}

}  // namespace

TEST_CASE("without referrer and tags a view is direct") {
  CHECK(view("") == answer{"direct", "(direct)", "(none)", "", ""});
}

TEST_CASE("a click id is paid and names who sold the click") {
  for (const auto* id : {"gclid=1", "gbraid=1", "wbraid=1", "dclid=1"})
    CHECK_MESSAGE(seen(id) == "paid google", id);
  CHECK(seen("msclkid=1") == "paid bing");
  CHECK(seen("a=b&msclkid=1&gclid=2") == "paid google");
  CHECK(seen("gclid=1", "https://www.bing.com/") == "paid google");
  CHECK(seen("gclid=1&utm_source=adwords&utm_medium=email") == "paid adwords");
}

TEST_CASE("an empty click id is none") {
  CHECK(seen("gclid=") == "direct (direct)");
  CHECK(seen("gclid") == "direct (direct)");
}

TEST_CASE("a paid utm_medium is paid") {
  for (const auto* medium : {"cpc", "ppc", "paid", "paidsearch", "cpm", "display", "retargeting"}) {
    CHECK_MESSAGE(seen("utm_source=s&utm_medium=" + std::string(medium)) == "paid s", medium);
  }
  CHECK(seen("utm_medium=cpc", "https://www.google.de/") == "paid Google");
}

TEST_CASE("an ad network's referrer is paid") {
  CHECK(seen("", "https://www.googleadservices.com/pagead/aclk?sa=L") == "paid Google Ads");
  CHECK(seen("utm_medium=email", "https://googleadservices.com/") == "paid Google Ads");
}

TEST_CASE("utm_medium is compared trimmed and in lower case") {
  CHECK(seen("utm_source=s&utm_medium=+CPC%20") == "paid s");
  CHECK(seen("utm_source=s&utm_medium=Email") == "email s");
}

TEST_CASE("email, social, organic and referral come by utm_medium, in this order before the referrer's") {
  CHECK(seen("utm_source=s&utm_medium=email", "https://t.co/x") == "email s");
  CHECK(seen("utm_source=s&utm_medium=social") == "social s");
  CHECK(seen("utm_source=s&utm_medium=organic") == "organic s");
  CHECK(seen("utm_source=s&utm_medium=referral") == "referral s");
  CHECK(seen("utm_source=s&utm_medium=organic", "https://t.co/x") == "social s");
  CHECK(seen("utm_source=s&utm_medium=referral", "https://www.google.de/") == "organic s");
  CHECK(seen("utm_source=s&utm_medium=social", "https://mail.google.com/") == "email s");
  CHECK(seen("utm_source=s&utm_medium=referral", "https://chatgpt.com/") == "referral s");
}

TEST_CASE("webmail, networks, engines and assistants come by referrer, under their listed names") {
  CHECK(view("", "https://mail.google.com/mail/u/0/") ==
        answer{"email", "Gmail", "(none)", "", "mail.google.com"});
  CHECK(view("", "https://t.co/abc") == answer{"social", "Twitter", "(none)", "", "t.co"});
  CHECK(view("", "https://www.google.co.uk/") == answer{"organic", "Google", "(none)", "", "google.co.uk"});
  CHECK(view("", "https://chatgpt.com/") == answer{"ai_assistant", "ChatGPT", "(none)", "", "chatgpt.com"});
}

TEST_CASE("the longest suffix and the path decide between the lists") {
  CHECK(seen("", "https://gemini.google.com/app") == "ai_assistant Gemini");
  CHECK(seen("", "https://news.google.com/") == "organic Google");
  CHECK(seen("", "https://www.google.com/imgres?imgurl=x") == "organic Google Images");
  CHECK(seen("", "https://x.com/i/grok?conversation=1") == "ai_assistant Grok");
  CHECK(seen("", "https://x.com/someone") == "social Twitter");
}

TEST_CASE("any other utm_source is a campaign") {
  CHECK(view("utm_source=partner&utm_campaign=spring+sale") ==
        answer{"campaign", "partner", "spring sale", "", ""});
  CHECK(seen("utm_source=partner&utm_medium=banner", "https://blog.example/") == "campaign partner");
  CHECK(seen("utm_source=partner", "https://chatgpt.com/") == "ai_assistant partner");
}

TEST_CASE("a campaign is kept whatever the class") {
  CHECK(view("utm_campaign=c", "https://t.co/x").campaign == "c");
  CHECK(view("utm_campaign=c") == answer{"direct", "(direct)", "c", "", ""});
  CHECK(view("utm_campaign=").campaign == "(none)");
}

TEST_CASE("a utm_medium without any name has source (direct)") {
  CHECK(seen("utm_medium=email") == "email (direct)");
  CHECK(seen("utm_medium=email", "not a url") == "email (direct)");
  CHECK(seen("utm_medium=banner") == "direct (direct)");
}

TEST_CASE("another host is a referral") {
  CHECK(view("", "https://Blog.Example:8080/post") ==
        answer{"referral", "blog.example", "(none)", "", "blog.example"});
  CHECK(seen("", "https://user@www.blog.example/") == "referral blog.example");
  CHECK(seen("", "android-app://com.Example.reader/") == "referral com.example.reader");
}

TEST_CASE("the page's host and the site's domains are our own, www. ignored") {
  CHECK(view("", "https://shop.example/other") == answer{"direct", "(direct)", "(none)", "", ""});
  CHECK(view("", "https://WWW.SHOP.example/other").kind == "direct");
  CHECK(view("", "https://www.pay.example/", {"other.example", "pay.example"}).kind == "direct");
  CHECK(view("", "https://pay.example/", {"www.Pay.example"}).kind == "direct");
  CHECK(view("", "https://pay.example/", {}).kind == "referral");
  CHECK(view("", "https://blog.shop.example/").kind == "referral");
}

TEST_CASE("our own host is our own although it is listed") {
  std::string scratch;
  const auto r = sources().classify("https://github.com/a", "https://github.com/b", {}, scratch);
  CHECK(answer_of(r) == answer{"direct", "(direct)", "(none)", "", ""});
}

TEST_CASE("a referrer that names no host is dark") {
  for (const auto* referrer :
       {"about:blank", "blog.example", "file:///x", "https://", "android-app://", "null"}) {
    CHECK_MESSAGE(seen("", referrer) == "dark (dark)", referrer);
  }
  CHECK(seen("utm_source=s", "about:blank") == "campaign s");
}

TEST_CASE("an application's package is a host like any other") {
  CHECK(seen("", "android-app://com.google.android.gm/") == "email Gmail");
  CHECK(seen("", "android-app://com.google.android.googlequicksearchbox/https/www.google.com") ==
        "organic Quick Search Box");
}

TEST_CASE("parameters are form-decoded, the first of a name counts") {
  CHECK(view("utm_source=a%26b+c&utm_source=d").source == "a&b c");
  CHECK(view("utm%5Fsource=a").source == "a");
  CHECK(seen("utm_source=&utm_source=d") == "direct (direct)");
  CHECK(seen("UTM_SOURCE=d") == "direct (direct)");
  CHECK(view("utm_source=%FF").source == "\ufffd");
}

TEST_CASE("tags behind the number sign are none") {
  std::string scratch;
  CHECK(sources().classify("https://shop.example/#?gclid=1", "", {}, scratch).kind == medium::direct);
}

TEST_CASE("search terms come from utm_term, else from the engine's referrer") {
  CHECK(view("", "https://www.google.de/search?q=red+shoes").term == "red shoes");
  CHECK(view("utm_term=boots&utm_medium=cpc", "https://www.google.de/search?q=red+shoes").term == "boots");
  CHECK(view("", "https://t.co/?q=red").term.empty());
}

TEST_CASE("a claim is read like utm parameters") {
  CHECK(claim("google", "organic") == "organic google");
  CHECK(claim("news", " EMAIL ") == "email news");
  CHECK(claim("partner", "") == "campaign partner");
  CHECK(claim("", "cpc") == "paid (direct)");
  CHECK(claim("", "") == "direct (direct)");
  std::string scratch;
  CHECK(sources().classify_claim("a", "b", "c", scratch).campaign == "c");
}

TEST_CASE("a claim that says direct is none") {
  for (const auto* direct : {"direct", "(direct)", " Direct "}) {
    CHECK_MESSAGE(claim(direct, "") == "direct (direct)", direct);
    CHECK_MESSAGE(claim("", direct) == "direct (direct)", direct);
    CHECK_MESSAGE(claim(direct, "(none)") == "direct (direct)", direct);
  }
}

TEST_CASE("all texts of one answer stay valid together") {
  const auto a = view("utm_source=%C3%A4+b&utm_campaign=c%20d&utm_medium=%45mail",
                      "https://WWW.Google.DE/search?q=e%20f");
  CHECK(a == answer{"email", "\u00e4 b", "c d", "e f", "google.de"});
}

TEST_CASE("an usual view asks for no room") {
  std::string scratch;
  sources().classify("https://shop.example/p?id=7", "https://www.google.de/", {}, scratch);
  CHECK(scratch.capacity() == std::string().capacity());
}

TEST_CASE("a referrer alone is classified by the lists") {
  std::string scratch;
  const auto r = sources().classify_referrer("https://www.google.de/search?q=a", scratch);
  CHECK(answer_of(r) == answer{"organic", "Google", "(none)", "a", "google.de"});
}
