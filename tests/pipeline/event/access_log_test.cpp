#include "pipeline/event/access_log.hpp"

#include <doctest/doctest.h>

#include <string>

#include "pipeline/base/hash.hpp"
#include "pipeline/event/log_line.hpp"

using namespace weir;

namespace {

using result = access_log_decoder::result;

struct log_fixture {
  rules r;
  std::string site_url;
  arena texts;
  event e;
  fault f;
  std::string line;

  log_fixture() { r.ip = ip_privacy::keep; }

  result decode(std::string_view text, std::int64_t number = 7) {
    line = text;
    return access_log_decoder(r, site_url, "docs").decode(line, "access.log", number, 0, texts, e, f);
  }
  result request(std::string_view request, std::string_view status = "200") {
    const std::string head = "192.0.2.77 - - [18/Feb/2024:10:30:00 +0000] ";
    const std::string tail = " 512 \"https://r.example/x\" \"Agent/1 (X)\"";
    return decode(head + '"' + std::string(request) + "\" " + std::string(status) + tail);
  }
};

std::string hex(std::uint64_t x) {
  char buffer[17];
  std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(x));
  return buffer;
}

}  // namespace

TEST_CASE("a GET of a page is a page view") {
  log_fixture x;
  REQUIRE(x.request("GET /docs/intro?lang=de#top HTTP/1.1") == result::valid);
  CHECK(x.e.type == event_type::page_view);
  CHECK(x.e.time == 1708252200000);
  CHECK(x.e[text::page_path] == "/docs/intro");
  CHECK(x.e[text::page_id] == "/docs/intro");
  CHECK(x.e[text::page_url].empty());
  CHECK(x.e[text::referrer] == "https://r.example/x");
  CHECK(x.e[text::user_agent] == "Agent/1 (X)");
  CHECK(x.e[text::ip_address] == "192.0.2.77");
  CHECK(x.e[text::site_id] == "docs");
  CHECK_FALSE(x.e.session_derived);
  CHECK_FALSE(x.e.empty_agent);
  CHECK(x.e.quality == 1);
}

TEST_CASE("a log's ids are hashes") {
  log_fixture x;
  REQUIRE(x.request("GET / HTTP/1.1") == result::valid);
  CHECK(x.e[text::visitor_id] == hex(hash64("192.0.2.77|Agent/1 (X)")));
  CHECK(x.e[text::session_id] == x.e[text::visitor_id]);
  CHECK(x.e[text::event_id] == hex(hash64("access.log|7|" + x.line)));
}

TEST_CASE("the message of a broken line shows nothing of it") {
  log_fixture x;
  x.r.ip = ip_privacy::keep;
  for (const auto* line : {"192.0.2.77 - ann [broken", "2024-02-18 10:30:00 192.0.2.77 GET / - 443 ann",
                           "192.0.2.77 - - [192.0.2.77] \"GET / HTTP/1.0\" 200 1"}) {
    CHECK(x.decode(line) == result::bad);
    CHECK(x.f.message.find("192.0.2") == std::string::npos);
    CHECK(x.f.message.find("ann") == std::string::npos);
  }
  CHECK(x.decode("x") == result::bad);
  CHECK(x.f.message ==
        "expected a line of an access log in the combined or common format, got a line of another form");
}

TEST_CASE("with a site's URL a log event has a page's URL") {
  log_fixture x;
  x.site_url = "https://docs.example";
  REQUIRE(x.request("GET /a?b=c HTTP/1.1") == result::valid);
  CHECK(x.e[text::page_url] == "https://docs.example/a?b=c");
}

TEST_CASE("only a GET answered 2xx or 304 is a page view") {
  log_fixture x;
  for (const auto* status : {"200", "206", "299", "304"})
    CHECK(x.request("GET / HTTP/1.1", status) == result::valid);
  for (const auto* status : {"301", "302", "404", "500", "100"})
    CHECK(x.request("GET / HTTP/1.1", status) == result::skipped);
  for (const auto* request :
       {"POST / HTTP/1.1", "HEAD / HTTP/1.1", "get / HTTP/1.1", "-", "", "GET", "\\x16\\x03\\x01"})
    CHECK(x.request(request) == result::skipped);
}

TEST_CASE("a target that does not begin with a slash is skipped") {
  log_fixture x;
  for (const auto* request : {"GET http://example.com/ HTTP/1.1", "GET * HTTP/1.1", "GET  HTTP/1.1"})
    CHECK(x.request(request) == result::skipped);
}

TEST_CASE("a target may hold spaces, and its protocol may be missing") {
  log_fixture x;
  REQUIRE(x.request("GET /a b HTTP/1.1") == result::valid);
  CHECK(x.e[text::page_path] == "/a b");
  REQUIRE(x.request("GET /old") == result::valid);
  CHECK(x.e[text::page_path] == "/old");
}

TEST_CASE("assets are skipped by the extension of their path, in any case") {
  log_fixture x;
  for (const auto* extension :
       {"css",  "js",    "mjs", "map", "png", "jpg",  "jpeg", "gif", "svg", "ico", "webp",
        "woff", "woff2", "ttf", "eot", "mp4", "webm", "txt",  "xml", "PNG", "Js"}) {
    CAPTURE(extension);
    CHECK(x.request("GET /a/b." + std::string(extension) + " HTTP/1.1") == result::skipped);
    CHECK(x.request("GET /b." + std::string(extension) + "?x=1 HTTP/1.1") == result::skipped);
  }
  for (const auto* target :
       {"/a.html", "/a.png/", "/a.png/b", "/png", "/a?b.png", "/a#b.png", "/a.", "/a.js.map2"}) {
    CAPTURE(target);
    CHECK(x.request("GET " + std::string(target) + " HTTP/1.1") == result::valid);
  }
}

TEST_CASE("a dash is an absent referrer and an empty agent") {
  log_fixture x;
  REQUIRE(x.decode(R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.1" 200 - "-" "-")") == result::valid);
  CHECK(x.e[text::referrer].empty());
  CHECK(x.e[text::user_agent].empty());
  CHECK(x.e.empty_agent);
  CHECK(x.e[text::visitor_id] == hex(hash64("h|")));
  CHECK(x.e.quality == 0.8);
}

TEST_CASE("the common format has neither referrer nor agent") {
  log_fixture x;
  REQUIRE(x.decode(R"(h - frank [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 2326)") == result::valid);
  CHECK(x.e[text::user_agent].empty());
  CHECK_FALSE(x.e.empty_agent);
}

TEST_CASE("quotes within a log's texts are escaped by backslashes") {
  log_fixture x;
  REQUIRE(x.decode(R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1 "-" "A \"b\" \\" "more")") ==
          result::valid);
  CHECK(x.e[text::user_agent] == R"(A \"b\" \\)");
}

TEST_CASE("a user's name may hold a space, a line may end in a carriage return") {
  log_fixture x;
  CHECK(x.decode("h - John Doe [18/Feb/2024:10:30:00 +0000] \"GET / HTTP/1.0\" 200 1\r") == result::valid);
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  log_fixture x;
  REQUIRE(x.decode("h - - [18/Feb/2024:10:30:00 +0000] \"GET /\xe4 HTTP/1.0\" 200 1 \"-\" \"A\xff\"") ==
          result::valid);
  CHECK(x.e[text::page_path] == "/\xef\xbf\xbd");
  CHECK(x.e[text::user_agent] == "A\xef\xbf\xbd");
}

TEST_CASE("what does not parse is a malformed log, whatever it asked for") {
  log_fixture x;
  for (const auto* bad :
       {"", "x", "{\"event_id\":\"e\"}", R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200)",
        R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 20 1)",
        R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0 200 1)",
        R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1 "-")",
        R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1 - -)",
        R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" abc 1)",
        R"(h - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1)",
        R"(h - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1 "-" "A)",
        R"(h - - [31/Feb/2024:10:30:00 +0000] "POST /x.png HTTP/1.0" 404 1)",
        R"(h - - [] "GET / HTTP/1.0" 200 1)", R"(h - - 18/Feb/2024 "GET / HTTP/1.0" 200 1)"}) {
    CAPTURE(bad);
    CHECK(x.decode(bad) == result::bad);
    CHECK(x.f.why == reason::malformed_log);
  }
  x.decode(R"(h - - [31/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1)");
  CHECK(x.f.message == "timestamp: expected a time like 18/Feb/2024:10:30:00 +0000, got no such time");
}

TEST_CASE("a line that looks like an access log is told from JSON") {
  CHECK(looks_like_access_log(R"(::1 - - [18/Feb/2024:10:30:00 +0000] "GET / HTTP/1.0" 200 1 "-" "A")"));
  CHECK(looks_like_access_log(R"(h - - [18/Feb/2024:10:30:00 +0000] "-" 408 -)"));
  CHECK_FALSE(looks_like_access_log(R"({"event_id":"e - - [1] \"a\" 200 1"})"));
  CHECK_FALSE(looks_like_access_log(""));
}

TEST_CASE("the virtual host before the address is passed over") {
  const std::string rest = " - - [18/Feb/2024:10:30:00 +0000] \"GET / HTTP/1.1\" 200 5";
  for (const std::string host : {"shop.example:443 ", "localhost:8080 ", "[2001:db8::1]:80 "})
    for (const std::string address : {"192.0.2.77", "2001:db8::2"})
      CHECK(parse_log_line(host + address + rest)->address == address);
  CHECK(parse_log_line("2001:db8::2" + rest)->address == "2001:db8::2");
  CHECK(parse_log_line("shop.example:443" + rest)->address == "shop.example:443");
  CHECK(parse_log_line("shop.example:443 client" + rest)->address == "shop.example:443");
  CHECK(parse_log_line("shop.example 192.0.2.77" + rest)->address == "shop.example");
}
