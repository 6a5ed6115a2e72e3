#include "pipeline/session/url_parts.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace weir;

namespace {

std::string host_of(std::string_view referrer) {
  const auto parts = split_referrer(referrer);
  return parts ? std::string(parts->host) : "(none)";
}

}  // namespace

TEST_CASE("a host stands without user, port and www.") {
  CHECK(host_of("https://example.com") == "example.com");
  CHECK(host_of("http://www.example.com:8080/a") == "example.com");
  CHECK(host_of("https://user:secret@www.example.com:443/a?b#c") == "example.com");
  CHECK(host_of("HTTPS://WWW.Example.com/") == "Example.com");
  CHECK(host_of("https://www.www.com/") == "www.com");
}

TEST_CASE("a host ends where a browser ends it") {
  CHECK(host_of("https://example.com?q=a/b") == "example.com");
  CHECK(host_of("https://example.com#@other.com/") == "example.com");
  CHECK(host_of("https://example.com\\@other.com/") == "example.com");
  CHECK(host_of("https://a@b@example.com/x@y") == "example.com");
}

TEST_CASE("an IPv6 address keeps its colons") {
  CHECK(host_of("http://[2001:db8::1]:8080/") == "[2001:db8::1]");
  CHECK(host_of("http://[2001:db8::1]/") == "[2001:db8::1]");
  CHECK(host_of("http://[2001") == "[2001");
}

TEST_CASE("a package of an Android application is a host") {
  CHECK(host_of("android-app://com.google.android.gm/") == "com.google.android.gm");
  CHECK(host_of("android-app://com.example") == "com.example");
  CHECK(host_of("android-app://com.example/https/www.example.com/a") == "com.example");
  CHECK(http_host("android-app://com.example/").empty());
  CHECK(http_host("https://www.example.com/") == "example.com");
}

TEST_CASE("what is no URL with a host has no parts") {
  for (const auto* referrer :
       {"", "example.com", "//example.com/", "about:blank", "https:/example.com", "https://", "https:///path",
        "https://:80/", "https://user@/", "http://?q", "android-app://", "android-app:///x",
        "ftp://example.com/", "http://exa mple.com/", " https://example.com/", "https://www./",
        "https://exam\nple.com/"}) {
    CHECK_MESSAGE(host_of(referrer) == "(none)", referrer);
  }
}

TEST_CASE("path, query and fragment are cut where they begin") {
  const auto parts = split_referrer("https://example.com/a/b?c=d?e&f=/g#h?i#j");
  REQUIRE(parts);
  CHECK(parts->path == "/a/b");
  CHECK(parts->query == "c=d?e&f=/g");
  CHECK(parts->fragment == "h?i#j");
  CHECK(split_referrer("https://example.com")->path.empty());
}

TEST_CASE("a query is found in a URL without a host, too") {
  CHECK(query_of("/a?b=c") == "b=c");
  CHECK(query_of("/a#b?c").empty());
  CHECK(query_of("").empty());
}
